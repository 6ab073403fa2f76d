import Synchronization

/// A program that is run to see what it takes: by itself, so that its memory is its own.
package final class ChildProcess: Sendable {
  private let program: String
  private let process: Mutex<Int32?>
  private let start = ContinuousClock.now

  private init(_ arguments: [String]) throws(FormatError) {
    program = arguments.first ?? ""
    process = Mutex(try SystemCalls.spawn(arguments))
  }

  /// Runs a program to its end; where the surrounding task is cancelled, it is told to end.
  ///
  /// - Parameter arguments: The program, looked up as a shell does, and its arguments.
  /// - Throws: `io` for one that cannot be started or does not end well; `cancelled`.
  package static func run(_ arguments: [String]) async throws(FormatError) -> Measured {
    let child = try ChildProcess(arguments)
    let result = await withTaskCancellationHandler {
      await resultOffPool { () throws(FormatError) in try child.wait() }
    } onCancel: {
      child.end()
    }
    try Cancellation.check()
    return try result.get()
  }

  private func wait() throws(FormatError) -> Measured {
    guard let number = process.withLock({ $0 }) else {
      throw FormatError(.cancelled, "cancelled")
    }
    let (status, usage) = try SystemCalls.wait(number, program) {
      // Its number may be another process's from now on.
      process.withLock { $0 = nil }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard status == 0 else {
      throw FormatError(.io, "ended with status \(status)").located(file: program)
    }
    return Measured(
      seconds: seconds, userSeconds: usage.user, peakByteCount: usage.peakByteCount)
  }

  private func end() {
    process.withLock { if let number = $0 { SystemCalls.terminate(number) } }
  }
}
