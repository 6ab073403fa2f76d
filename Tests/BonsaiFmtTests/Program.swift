import Foundation

/// A program that has been started.
///
/// Not by Foundation's `Process`: with Address Sanitizer that stops while it looks for descriptors to close.
struct Program {
  struct Failure: Error { let text: String }

  let number: pid_t

  /// - Parameters:
  ///   - streams: What the program has for standard input, output and error.
  ///   - environment: All that it gets, but for what sanitizers are to do.
  init(
    starting path: String, _ arguments: [String], in folder: URL, environment: [String: String],
    streams: [Int32]
  ) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
    }
    // Threads that tests run on may let no signals through, and a program inherits that.
    var none = sigset_t()
    var usual = sigset_t()
    sigemptyset(&none)
    sigemptyset(&usual)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    // Not all systems can start a program in another folder.
    let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder.path]
    var texts = (shell + [path] + arguments).map { strdup($0) } + [nil]
    var settings =
      environment.merging(Self.sanitizing) { own, _ in own }.map { strdup("\($0)=\($1)") } + [nil]
    defer { (texts + settings).forEach { free($0) } }
    var number: pid_t = 0
    let result = posix_spawn(&number, shell[0], &actions, &attributes, &texts, &settings)
    guard result == 0 else {
      throw Failure(text: "\(path) cannot be started: \(String(cString: strerror(result)))")
    }
    self.number = number
  }

  private static let sanitizing = ProcessInfo.processInfo.environment.filter {
    ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
  }

  func send(_ signal: Int32) { kill(number, signal) }

  /// Waits for the end; once only.
  ///
  /// - Returns: The status as a shell has it, 128 + n after signal n, and whether that was the end of it.
  /// - Throws: When it hangs; then it is killed.
  func end(within seconds: Int = 300) throws -> (status: Int32, isKilled: Bool) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var status: Int32 = 0
    var pause: UInt32 = 250
    while waitpid(number, &status, WNOHANG) != number {
      guard ContinuousClock.now < deadline else {
        kill(number, SIGKILL)
        waitpid(number, &status, 0)
        throw Failure(text: "the program has not ended within \(seconds) s")
      }
      usleep(pause)
      pause = min(2 * pause, 8_000)
    }
    let signal = status & 0x7F
    return signal != 0 ? (128 + signal, true) : (status >> 8 & 0xFF, false)
  }
}
