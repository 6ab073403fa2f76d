import Synchronization

/// Adds up bytes from many tasks.
final class ByteCounter: Sendable {
  private let phase: ConversionProgress.Phase
  private let total: Int
  private let done = Atomic<Int>(0)
  private let report: @Sendable (ConversionProgress) -> Void

  init(
    _ phase: ConversionProgress.Phase, total: Int,
    report: @escaping @Sendable (ConversionProgress) -> Void
  ) {
    self.phase = phase
    self.total = total
    self.report = report
  }

  /// The bytes so far.
  var count: Int { done.load(ordering: .relaxed) }

  @Sendable func add(_ count: Int) {
    let sum = done.wrappingAdd(count, ordering: .relaxed).newValue
    report(ConversionProgress(phase: phase, done: sum, total: total))
  }
}
