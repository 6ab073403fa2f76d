import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into the cancellation of a task, so that what it began is
/// removed before the program ends. A second signal ends it at once; the next run then cleans up.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The signal that stopped the work, or `nil`.
  static var signal: Int32? {
    let value = received.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Runs `body` in a task that the signals cancel.
  static func cancelling<Success: Sendable>(
    _ body: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    let task = Task { try await body() }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { watch($0, cancelling: task) }
    defer { for source in sources { source.cancel() } }
    return try await task.value
  }

  private static func watch<Success: Sendable>(
    _ number: Int32, cancelling task: Task<Success, any Error>
  ) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(
      signal: number, queue: DispatchQueue.global(qos: .userInitiated))
    // Until the source is registered the signal has its default effect: nothing has begun yet.
    let registered = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { registered.signal() }
    source.setEventHandler {
      let first = received.compareExchange(
        expected: 0, desired: number, ordering: .relaxed
      ).exchanged
      if first { task.cancel() } else { exit(128 + number) }
    }
    ignore(number)
    source.resume()
    registered.wait()
    return source
  }

  /// Dispatch sees a signal also when its default effect is switched off, and only then alone.
  private static func ignore(_ number: Int32) {
    #if canImport(Glibc)
      _ = Glibc.signal(number, SIG_IGN)
    #elseif canImport(Musl)
      _ = Musl.signal(number, SIG_IGN)
    #else
      _ = Darwin.signal(number, SIG_IGN)
    #endif
  }
}
