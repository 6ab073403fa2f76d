/// What a run may take. What it writes does not depend on it.
public struct RunBudget: Sendable, Hashable {
  /// Tasks at work at once, at most.
  public var width: Int
  /// The most memory: where that is not enough for all tasks, fewer work on smaller tiles. `nil` for
  /// ``usualMemoryByteCount``, and on top of it the window of a zstd file without a seek table, which
  /// is what it is.
  public var memoryByteCount: Int?
  /// About how many bytes a tile has, where the memory is enough; tests want to see many.
  var tileByteCount = 1 << 20

  /// The memory that is kept to when nobody says.
  public static let usualMemoryByteCount = 128 << 20

  /// Makes a budget.
  public init(width: Int = 2, memoryByteCount: Int? = nil) {
    self.width = width
    self.memoryByteCount = memoryByteCount
  }

  /// The largest size of a run that keeps to the budget.
  ///
  /// - Parameter bound: What is taken with a size.
  /// - Throws: `limit` where not even the smallest keeps to it; what `bound` throws.
  func size(
    _ bound: (RunSize) throws(FormatError) -> MemoryBound
  ) throws(FormatError) -> RunSize {
    let sizes = largest.andSmaller
    var needed = try bound(largest)
    guard needed.byteCount > allowance(needed) else { return largest }
    // There may be very many threads; each size takes less than the one before.
    var (tooLarge, end) = (0, sizes.count)
    while end - tooLarge > 1 {
      let middle = (tooLarge + end) / 2
      needed = try bound(sizes[middle])
      if needed.byteCount <= allowance(needed) { end = middle } else { tooLarge = middle }
    }
    guard end == sizes.count else { return sizes[end] }
    needed = try bound(sizes[end - 1])
    let enough = (needed.byteCount + (1 << 20) - 1) >> 20
    let window = needed.windowByteCount
    let windowPart = "\(window) of them for the window of the zstd frames, "
    throw FormatError(
      .limit,
      "needs up to \(needed.byteCount) bytes of memory, \(window > 0 ? windowPart : "")"
        + "\(allowance(needed)) are allowed: --max-memory \(enough)MiB is enough")
  }

  private var largest: RunSize { RunSize(width: width, tileByteCount: tileByteCount) }

  /// Whether memory keeps some of the threads from work, and how much would not.
  ///
  /// - Parameter size: What keeps to the budget.
  func shortage(
    _ size: RunSize, _ bound: (RunSize) throws(FormatError) -> MemoryBound
  ) throws(FormatError) -> ThreadShortage? {
    guard size.width < width, let all = largest.andSmaller.last(where: { $0.width == width }) else {
      return nil
    }
    return ThreadShortage(
      atWork: size.width, wanted: width, enoughByteCount: try bound(all).byteCount)
  }

  /// The largest window that a zstd frame may ask for later on.
  func windowLimit(_ bound: MemoryBound) -> Int {
    guard let memoryByteCount else { return ZstdLimits.windowByteCount }
    let others = bound.byteCount - bound.windowByteCount
    return min(ZstdLimits.windowByteCount, max(0, memoryByteCount - others))
  }

  private func allowance(_ bound: MemoryBound) -> Int {
    memoryByteCount ?? Self.usualMemoryByteCount + bound.windowByteCount
  }
}
