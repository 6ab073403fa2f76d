/// What rounding changed of a tensor's values.
public struct Rounding: Sendable, Hashable {
  /// Weights that are another number now; zeros count with their signs.
  public private(set) var changedCount = 0
  /// The largest difference between a weight and what has become of it, in binary32.
  public private(set) var largestDifference: Float = 0

  init() {}

  /// Counts a weight that changed.
  @inline(__always)
  mutating func change(from value: Float, to rounded: Float) {
    changedCount += 1
    largestDifference = max(largestDifference, (value - rounded).magnitude)
  }

  /// Adds what changed elsewhere.
  mutating func add(_ other: Rounding) {
    changedCount += other.changedCount
    largestDifference = max(largestDifference, other.largestDifference)
  }
}
