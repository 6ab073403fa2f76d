import Dispatch
import Synchronization

/// Lets jobs that run at once do one thing in their order.
///
/// Waiting blocks the thread, so it is only for jobs that are taken in order and never suspended:
/// then the one that is waited for always has a thread of its own.
final class Turnstile: Sendable {
  private struct State {
    var place: Int
    var waiting: [Int: DispatchSemaphore] = [:]
    var isAbandoned = false
  }

  private let state: Mutex<State>

  init(at place: Int = 0) { state = Mutex(State(place: place)) }

  /// Where it stands.
  var place: Int { state.withLock { $0.place } }

  /// Does something when it is the turn of `place`, and then lets `next` through.
  ///
  /// - Throws: What `body` throws, which abandons the turnstile; `cancelled` where another abandoned
  ///   it, who says why.
  func pass<Success>(
    _ place: Int, next: Int, _ body: () throws(FormatError) -> Success
  ) throws(FormatError) -> Success {
    try wait(for: place)
    let result: Success
    do throws(FormatError) {
      result = try body()
    } catch {
      abandon()
      throw error
    }
    let following = state.withLock { state in
      state.place = next
      return state.waiting.removeValue(forKey: next)
    }
    following?.signal()
    return result
  }

  /// Tells everybody that waits, and will wait, that there is nothing to wait for any more.
  func abandon() {
    let waiting = state.withLock { state in
      state.isAbandoned = true
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for semaphore in waiting { semaphore.signal() }
  }

  private func wait(for place: Int) throws(FormatError) {
    let semaphore = state.withLock { state -> DispatchSemaphore? in
      guard !state.isAbandoned, state.place != place else { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.waiting[place] = semaphore
      return semaphore
    }
    semaphore?.wait()
    guard !state.withLock(\.isAbandoned) else {
      throw FormatError(.cancelled, "cancelled, for something else has failed")
    }
  }
}
