import Synchronization

/// The permission to take MLX scales that miss −2 × bias by the last bit of a subnormal, and how often
/// it was used; Specs/layouts.md §6.
final class SubnormalTolerance: Sendable {
  private let used = Atomic<Int>(0)

  /// Groups that were taken although a subnormal's last bit is lost.
  var groupCount: Int { used.load(ordering: .relaxed) }

  /// Adds what one tile has.
  func count(_ groups: Int) { used.wrappingAdd(groups, ordering: .relaxed) }
}
