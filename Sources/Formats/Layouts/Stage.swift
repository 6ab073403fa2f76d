/// The 1-bit form of one weight, held whole, so that tiles can be cut from it in either direction.
///
/// Between a layout that has the outputs outermost and one that has the inputs outermost nothing can
/// stream: every tile of the one touches every tile of the other. The 1-bit form of the largest
/// weight of an 8B model is 7 MB, where its F16 form is 100.
struct Stage: Sendable {
  /// Packed tiles of Q1_0, one after the other along rows or along columns.
  private let chunks: [(tile: Tile, blocks: [UInt8])]
  /// The order in which rows are cut, where the file's is another.
  private let rowMap: RowMap?

  /// Makes a stage of tiles that cover the tensor, in any order.
  init(_ chunks: [(tile: Tile, blocks: [UInt8])], rowMap: RowMap?) {
    self.chunks = chunks
    self.rowMap = rowMap
  }

  /// Fills `buffer` with the packed Q1_0 tile.
  func cut(_ tile: Tile, into buffer: inout [UInt8]) {
    buffer.resize(to: Layout.q1_0.byteCount(of: tile))
    buffer.withMutableBytes { target in
      for chunk in chunks {
        let columns = tile.columns.clamped(to: chunk.tile.columns)
        guard !columns.isEmpty else { continue }
        let count = Self.bytes(columns.count)
        let (sourceStride, targetStride) = (
          Self.bytes(chunk.tile.columns.count), Self.bytes(tile.columns.count)
        )
        let source = Self.bytes(columns.lowerBound - chunk.tile.columns.lowerBound)
        let destination = Self.bytes(columns.lowerBound - tile.columns.lowerBound)
        chunk.blocks.withBytes { blocks in
          for row in tile.rows {
            let stored = rowMap?.stored(row) ?? row
            guard chunk.tile.rows.contains(stored) else { continue }
            let from = (stored - chunk.tile.rows.lowerBound) * sourceStride + source
            let to = (row - tile.rows.lowerBound) * targetStride + destination
            if count == Q1_0.blockByteCount {
              // The usual case, too small for a call.
              target.store(blocks.load(from, as: UInt64.self), at: to)
              target.store(blocks.load(from + 8, as: UInt64.self), at: to + 8)
              target.store(blocks.load(from + 16, as: UInt16.self), at: to + 16)
            } else {
              target.copy(blocks, from: from, count: count, to: to)
            }
          }
        }
      }
    }
  }

  private static func bytes(_ columns: Int) -> Int {
    columns / Q1_0.blockSize * Q1_0.blockByteCount
  }
}
