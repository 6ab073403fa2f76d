/// What a run may take. What it writes does not depend on it.
public struct RunBudget: Sendable, Hashable {
  /// Tasks at work at once, at most.
  public var width: Int
  /// The most memory: where that is not enough for all tasks, fewer work on smaller tiles.
  public var memoryByteCount: Int

  /// The memory that is kept to when nobody says.
  public static let usualMemoryByteCount = 128 << 20

  /// Makes a budget.
  public init(width: Int = 2, memoryByteCount: Int = usualMemoryByteCount) {
    self.width = width
    self.memoryByteCount = memoryByteCount
  }

  /// The largest size of a run that keeps to the budget.
  ///
  /// - Parameter bound: The most memory that is taken with a size.
  /// - Throws: `limit` where not even the smallest keeps to it; what `bound` throws.
  func size(
    _ bound: (RunSize) throws(FormatError) -> Int
  ) throws(FormatError) -> RunSize {
    var needed = 0
    for size in RunSize(width: width).andSmaller {
      needed = try bound(size)
      if needed <= memoryByteCount { return size }
    }
    let enough = (needed + (1 << 20) - 1) >> 20
    throw FormatError(
      .limit,
      "needs up to \(needed) bytes of memory, \(memoryByteCount) are allowed: --max-memory "
        + "\(enough)MiB is enough")
  }
}
