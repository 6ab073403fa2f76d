import Formats
import Synchronization

/// One line on a terminal that tells how far a conversion is: bytes, rate, time left.
final class ProgressLine: Sendable {
  private struct State {
    var phase: ConversionProgress.Phase?
    var phaseStart: ContinuousClock.Instant
    var lastDrawn: ContinuousClock.Instant
    var isVisible = false
  }

  private let state: Mutex<State>
  private let isEnabled: Bool
  /// Work that is over sooner than this shows nothing.
  private static let patience: Duration = .milliseconds(500)
  private static let interval: Duration = .milliseconds(100)

  init(isEnabled: Bool) {
    self.isEnabled = isEnabled
    let now = ContinuousClock.now
    state = Mutex(State(phaseStart: now, lastDrawn: now + Self.patience - Self.interval))
  }

  /// Draws the line, when it is time.
  @Sendable func update(_ progress: ConversionProgress) {
    guard isEnabled else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      if state.phase != progress.phase {
        state.phase = progress.phase
        state.phaseStart = now
      }
      guard now - state.lastDrawn >= Self.interval else { return }
      state.lastDrawn = now
      state.isVisible = true
      draw(progress, after: now - state.phaseStart)
    }
  }

  /// Removes the line.
  func clear() {
    let wasVisible = state.withLock { state in
      defer { state.isVisible = false }
      return state.isVisible
    }
    if wasVisible { write("\r\u{1b}[K") }
  }

  private func draw(_ progress: ConversionProgress, after time: Duration) {
    let seconds = max(
      Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds), 1e-3)
    let rate = Double(progress.done) / seconds
    var text = "\r\(progress.phase.rawValue) "
    if progress.phase == .syncing {
      text += Quantity.bytes(progress.total)
    } else {
      let left = rate > 0 ? Double(progress.total - progress.done) / rate : 0
      text += "\(Quantity.bytes(progress.done)) of \(Quantity.bytes(progress.total)), "
      text += "\(Quantity.bytes(Int(rate)))/s, \(Int(left.rounded())) s left"
    }
    write(text + "\u{1b}[K")
  }

  private func write(_ text: String) {
    try? Console.error.write(Array(text.utf8))
    try? Console.error.flush()
  }
}
