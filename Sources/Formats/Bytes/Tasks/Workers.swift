import Synchronization

/// Runs numbered jobs on several tasks at once.
///
/// Each task keeps its own buffers from job to job and takes the next number when it is done, so no
/// buffer is ever handed over, and memory is the number of tasks times one job.
///
/// - Parameters:
///   - count: How many jobs there are.
///   - width: How many run at once.
///   - buffers: Makes a task's buffers.
///   - job: Does one job.
/// - Throws: The error of the lowest-numbered job that failed, whatever the scheduling; `cancelled`
///   when the surrounding task was. A job that gives up because another has failed says `cancelled`
///   too, and does not count.
func runJobs<Buffers>(
  _ count: Int, width: Int, buffers: @escaping @Sendable () -> Buffers,
  _ job: @escaping @Sendable (Int, inout Buffers) throws(FormatError) -> Void
) async throws(FormatError) {
  let queue = JobQueue(count)
  await withTaskGroup(of: Void.self) { group in
    for _ in 0..<min(max(width, 1), count) {
      group.addTask {
        var own = buffers()
        while let index = queue.next() {
          do throws(FormatError) {
            try job(index, &own)
          } catch {
            queue.fail(index, error)
          }
        }
      }
    }
  }
  if let error = queue.failure { throw error }
  try Cancellation.check()
}

/// Hands out numbers, and stops doing so at the first failure.
private final class JobQueue: Sendable {
  private let count: Int
  private let taken = Atomic<Int>(0)
  private let first = Mutex<(index: Int, error: FormatError)?>(nil)

  init(_ count: Int) { self.count = count }

  func next() -> Int? {
    guard !Task.isCancelled else { return nil }
    let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }

  func fail(_ index: Int, _ error: FormatError) {
    first.withLock { first in
      guard let known = first else { return first = (index, error) }
      let (isCause, wasCause) = (error.code != .cancelled, known.error.code != .cancelled)
      if isCause == wasCause ? index < known.index : isCause { first = (index, error) }
    }
    // Numbers below this one have all been handed out: the lowest failure is still found.
    taken.store(count, ordering: .relaxed)
  }

  var failure: FormatError? { first.withLock { $0?.error } }
}
