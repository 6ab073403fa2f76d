/// How much of the source a transform keeps.
public enum Exactness: Int, Sendable, Hashable, Comparable, CaseIterable {
  /// Values may change, but those that need not do not.
  case rounds
  /// Every value is kept; the bytes of the source cannot always be restored.
  case sameValues
  /// The inverse transform restores the bytes of every canonical block (d > 0 or +0).
  case lossless

  /// By how much is kept.
  public static func < (left: Exactness, right: Exactness) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// An edge of the graph: rewrites a tile of one layout as a tile of another.
public struct Transform: Sendable {
  /// Reads a packed tile and fills a packed tile of the target layout.
  ///
  /// The tile's ranges are those within the tensor, for messages; the buffers hold just the tile.
  /// What cannot be written goes into the tally, and the kernel goes on.
  typealias Kernel = @Sendable (RawSpan, Tile, inout MutableRawSpan, inout Tally) -> Void

  /// What it reads.
  public let source: Layout
  /// What it writes.
  public let target: Layout
  /// What it keeps.
  public let exactness: Exactness
  /// Whether there are values that it cannot write and refuses with `notExact`.
  public let mayRefuse: Bool
  let kernel: Kernel

  init(
    _ source: Layout, to target: Layout, _ exactness: Exactness, mayRefuse: Bool,
    _ kernel: @escaping Kernel
  ) {
    self.source = source
    self.target = target
    self.exactness = exactness
    self.mayRefuse = mayRefuse
    self.kernel = kernel
  }
}
