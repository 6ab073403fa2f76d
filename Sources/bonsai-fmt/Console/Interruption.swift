import Dispatch
import Formats
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into the cancellation of a task, so that what it began is
/// removed before the program ends. A second signal ends it at once; the next run then cleans up. What
/// comes within half a second of the first is the first once more: `timeout` and shells tell a program
/// and then its group.
///
/// A signal after the work is done only ends waiting for a reader.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// When the first signal was told.
  private static let beginning = Mutex<ContinuousClock.Instant?>(nil)
  /// Kept to the end of the program, so that a signal cannot interrupt the report either.
  /// A program runs one command, which is the only one to write here.
  private nonisolated(unsafe) static var sources: [any DispatchSourceSignal] = []

  /// The signal that stopped the work, or `nil`.
  static var signal: Int32? {
    let value = received.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Runs `body` in a task that the signals cancel.
  static func cancelling<Success: Sendable>(
    _ body: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    try SystemCalls.checkThreads()
    // What is told to end before all is watched ends by the signal's default effect.
    let (start, starting) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      for await _ in start {}
      return try await body()
    }
    for signal in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(signal) {
      watch(signal, cancelling: task)
    }
    starting.finish()
    return try await task.value
  }

  private static func watch<Success: Sendable>(
    _ number: Int32, cancelling task: Task<Success, any Error>
  ) {
    let source = DispatchSource.makeSignalSource(
      signal: number, queue: DispatchQueue.global(qos: .userInitiated))
    // Until the source is registered the signal has its default effect: nothing has begun yet.
    let registered = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { registered.signal() }
    source.setEventHandler {
      let first = received.compareExchange(
        expected: 0, desired: number, ordering: .relaxed
      ).exchanged
      if first {
        beginning.withLock { $0 = .now }
        task.cancel()
      } else if let first = beginning.withLock({ $0 }), .now - first > .milliseconds(500) {
        _exit(128 + number)
      }
    }
    source.resume()
    registered.wait()
    #if canImport(Darwin)
      // Dispatch has no handler of its own there. Any sooner, and a signal could be lost.
      _ = Darwin.signal(number, SIG_IGN)
    #endif
    unsafe sources.append(source)
  }

  /// Whether whoever started the program wants a signal to do nothing, as `nohup` does.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = unsafe action.__sigaction_u.__sa_handler
    #else
      let handler = unsafe action.__sigaction_handler.sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
