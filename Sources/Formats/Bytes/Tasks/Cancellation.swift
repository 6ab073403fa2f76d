import Synchronization

/// That a task was cancelled, for work on threads that know nothing of tasks.
final class Cancellation: Sendable {
  private let isCancelled = Atomic<Bool>(false)

  /// Stops the work.
  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Throws `cancelled` when the work is to stop; to be asked piece by piece.
  func check() throws(FormatError) {
    guard !isCancelled.load(ordering: .relaxed) else { throw FormatError(.cancelled, "cancelled") }
  }

  /// Throws `cancelled` when the surrounding task was.
  static func check() throws(FormatError) {
    guard !Task.isCancelled else { throw FormatError(.cancelled, "cancelled") }
  }
}
