/// How many tasks work at once, and on how much: what a limit on memory decides.
struct RunSize: Sendable, Hashable {
  /// Tasks at work at once.
  var width: Int
  /// About how many bytes a tile has, in each of the layouts that it passes through.
  var tileByteCount = 1 << 20

  /// Down to here smaller tiles cost nothing.
  private static let goodTileByteCount = 1 << 18
  private static let leastTileByteCount = 1 << 14

  /// This size and smaller ones: first the tiles shrink as far as that costs nothing, then there are
  /// fewer tasks, then the tiles shrink further.
  var andSmaller: [RunSize] {
    var size = self
    var sizes = [size]
    while size.tileByteCount > Self.goodTileByteCount {
      size.tileByteCount /= 2
      sizes.append(size)
    }
    while size.width > 1 {
      size.width -= 1
      sizes.append(size)
    }
    while size.tileByteCount > Self.leastTileByteCount {
      size.tileByteCount /= 2
      sizes.append(size)
    }
    return sizes
  }
}
