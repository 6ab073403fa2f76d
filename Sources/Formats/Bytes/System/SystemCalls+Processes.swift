import CShims

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Calls about processes: most are for measurements.
extension SystemCalls {
  /// The first argument of this process that is not UTF-8, as `CommandLine` has repaired it.
  package static var firstRepairedArgument: String? {
    for (index, argument) in CommandLine.arguments.enumerated()
    where argument.unicodeScalars.contains("\u{FFFD}") {
      guard let given = unsafe CommandLine.unsafeArgv[index] else { continue }
      if unsafe String(validatingCString: given) == nil { return argument }
    }
    return nil
  }

  /// Starts a program whose output goes nowhere.
  static func spawn(_ arguments: [String]) throws(FormatError) -> Int32 {
    var texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe texts.forEach { unsafe free($0) } }
    var process: Int32 = 0
    let result = unsafe bonsai_spawn(&texts, &process)
    guard result == 0 else {
      throw FormatError(
        .io, "cannot start it: \(unsafe String(cString: strerror(result)))", errno: result
      ).located(file: arguments.first)
    }
    return process
  }

  /// Waits for a program.
  ///
  /// - Parameter reaped: Told as soon as the process is no more.
  static func wait(
    _ process: Int32, _ program: String, reaped: () -> Void
  ) throws(FormatError) -> (status: Int32, usage: (user: Double, peakByteCount: Int)) {
    var usage = bonsai_usage()
    let status = unsafe bonsai_wait(process, &usage)
    let number = errno
    reaped()
    guard status >= 0 else {
      throw FormatError(.io, "cannot wait for it", errno: number).located(file: program)
    }
    return (status, (usage.user_seconds, Int(usage.peak_byte_count)))
  }

  /// Throws where so few threads can be started that the runtime would wait for one for ever.
  package static func checkThreads() throws(FormatError) {
    let needed: Int32 = 4
    let number = bonsai_try_threads(needed)
    guard number != 0 else { return }
    let reason = unsafe String(cString: strerror(number))
    throw FormatError(
      .io, "\(needed) threads are needed, and cannot be started: \(reason)", errno: number)
  }

  static func terminate(_ process: Int32) { _ = kill(process, SIGTERM) }

  /// Seconds that this process has computed.
  static var usedUserSeconds: Double { bonsai_own_usage().user_seconds }

  /// Lets the disk take what is waiting for it, so that nobody pays for the work of another.
  package static func synchronizeAll() {
    _ = try? call(.sync, "make all durable", "/") { () -> Int32 in
      sync()
      return 0
    }
  }
}
