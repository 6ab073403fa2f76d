/// The rectangles of a matrix that are hashed by themselves: 64 rows × 128 columns, fewer at the ends.
///
/// Small enough that whoever reads rows and whoever reads columns both come by whole leaves, large
/// enough that hashing them costs little more than hashing their bytes. Specs/fingerprint.md §2.
struct LeafGrid: Sendable {
  static let rows = 64
  static let columns = Q1_0.blockSize

  let matrix: MatrixShape

  var columnCount: Int { matrix.columns.pieces(of: Self.columns) }
  /// All leaves; their order is row by row.
  var count: Int { matrix.rows.pieces(of: Self.rows) * columnCount }

  /// The leaves of a tile that has whole ones.
  static func leafCount(of tile: Tile) -> Int { LeafGrid(matrix: tile.shape).count }

  /// Hands out the digests of a tile's leaves with their numbers.
  ///
  /// - Parameters:
  ///   - tile: Whole leaves.
  ///   - kind: What the tile holds: packed blocks, or values in F32.
  func hash(
    _ tile: Tile, _ bytes: [UInt8], as kind: Fingerprint.Kind, scratch: inout [UInt8],
    _ emit: (Int, Digest) -> Void
  ) {
    for row in stride(from: tile.rows.lowerBound, to: tile.rows.upperBound, by: Self.rows) {
      let rows = row..<min(row + Self.rows, tile.rows.upperBound)
      let firstLeaf = row / Self.rows * columnCount
      let (low, high) = (tile.columns.lowerBound, tile.columns.upperBound)
      for column in stride(from: low, to: high, by: Self.columns) {
        let leaf = Tile(rows: rows, columns: column..<min(column + Self.columns, high))
        switch kind {
        case .oneBit: Self.gatherBlocks(leaf, of: tile, bytes, into: &scratch)
        case .dense: Self.gatherValues(leaf, of: tile, bytes, into: &scratch)
        }
        emit(firstLeaf + column / Self.columns, Digest(of: scratch))
      }
    }
  }

  /// Blocks in their one form: d without a sign, and all bits set where it is zero.
  private static func gatherBlocks(
    _ leaf: Tile, of tile: Tile, _ bytes: [UInt8], into scratch: inout [UInt8]
  ) {
    let stride = tile.columns.count / columns * Q1_0.blockByteCount
    let start =
      (leaf.rows.lowerBound - tile.rows.lowerBound) * stride
      + (leaf.columns.lowerBound - tile.columns.lowerBound) / columns * Q1_0.blockByteCount
    scratch.resize(to: leaf.rows.count * Q1_0.blockByteCount)
    bytes.withBytes { source in
      scratch.withMutableBytes { target in
        for row in 0..<leaf.rows.count {
          let (from, to) = (start + row * stride, row * Q1_0.blockByteCount)
          let scale = source.load(from, as: UInt16.self)
          let magnitude = scale & 0x7FFF
          let turned: UInt64 = scale & 0x8000 == 0 ? 0 : .max
          let plus: UInt64 = magnitude == 0 ? .max : 0
          target.store(magnitude, at: to)
          target.store(source.load(from + 2, as: UInt64.self) ^ turned | plus, at: to + 2)
          target.store(source.load(from + 10, as: UInt64.self) ^ turned | plus, at: to + 10)
        }
      }
    }
  }

  private static func gatherValues(
    _ leaf: Tile, of tile: Tile, _ bytes: [UInt8], into scratch: inout [UInt8]
  ) {
    let count = leaf.columns.count * 4
    let stride = tile.columns.count * 4
    let start =
      (leaf.rows.lowerBound - tile.rows.lowerBound) * stride
      + (leaf.columns.lowerBound - tile.columns.lowerBound) * 4
    scratch.resize(to: leaf.rows.count * count)
    bytes.withBytes { source in
      scratch.withMutableBytes { target in
        for row in 0..<leaf.rows.count {
          target.copy(source, from: start + row * stride, count: count, to: row * count)
        }
      }
    }
  }
}
