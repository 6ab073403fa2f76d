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

  /// Reads a whole tensor and brings it into 1-bit form.
  ///
  /// - Throws: What the way to Q1_0 refuses.
  init(
    of tensor: Tensor, from reader: TileReader, route: Route, tiling: Tiling,
    tolerance: SubnormalTolerance?
  ) throws(FormatError) {
    rowMap = tensor.rowMap
    var tensor = tensor
    tensor.rowMap = nil
    var chunks: [(tile: Tile, blocks: [UInt8])] = []
    var buffer: [UInt8] = []
    var scratch = TileScratch()
    for tile in tiling.tiles(of: tensor.matrix) {
      try Self.checkCancelled()
      try reader.read(tile, of: tensor, into: &buffer)
      if route.steps.isEmpty {
        chunks.append((tile, buffer))
        continue
      }
      var blocks = [UInt8](repeating: 0, count: Layout.q1_0.byteCount(of: tile))
      try locating(tensor: tensor.name) { () throws(FormatError) in
        try buffer.withBytes { (source) throws(FormatError) in
          try blocks.withMutableBytes { (target) throws(FormatError) in
            var tally = Tally(toleratesSubnormals: tolerance != nil)
            route.apply(tile, from: source, to: &target, scratch: &scratch, tally: &tally)
            tolerance?.count(tally.toleratedCount)
            try tally.check()
          }
        }
      }
      chunks.append((tile, blocks))
    }
    self.chunks = chunks
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

  private static func checkCancelled() throws(FormatError) {
    if Task.isCancelled { throw FormatError(.cancelled, "cancelled") }
  }
}
