/// Numbers the tiles of many tensors, one after the other.
///
/// Of each tensor a number is kept, and the rest made for each tile: there may be very many.
struct TileNumbering: Sendable {
  /// Where the tiles of each tensor end.
  private var ends: [Int] = []

  /// How many tiles there are.
  var count: Int { ends.last ?? 0 }

  /// Takes in the next tensor, which has so many tiles.
  mutating func append(_ tileCount: Int) { ends.append(count + tileCount) }

  /// The tensor to which a tile belongs, in the order in which they were taken in, and the tile's
  /// number among those of that tensor.
  subscript(number: Int) -> (index: Int, tile: Int) {
    let index = ends.partitionPoint { $0 > number }
    return (index, number - (index == 0 ? 0 : ends[index - 1]))
  }
}
