import Synchronization

/// Reads a whole tensor and brings it into 1-bit form, several tiles at once.
struct StageLoading: Sendable {
  /// In the order of the file, whatever that of the rows.
  private let tensor: Tensor
  private let rowMap: RowMap?
  private let route: Route
  private let reader: TileReader
  private let tolerance: SubnormalTolerance?

  /// - Throws: `unsupported` where there is no way to Q1_0.
  init(
    _ tensor: Tensor, from reader: TileReader, tolerance: SubnormalTolerance?
  ) throws(FormatError) {
    var stored = tensor
    stored.rowMap = nil
    self.tensor = stored
    rowMap = tensor.rowMap
    route = try locating(tensor: tensor.name) { () throws(FormatError) in
      try tensor.route(to: .q1_0)
    }
    self.reader = reader
    self.tolerance = tolerance
  }

  /// - Parameters:
  ///   - tiling: The tiles in which it is read.
  ///   - width: How many are worked on at once; with 1 they are read in order.
  /// - Throws: What the way to Q1_0 refuses.
  func callAsFunction(_ tiling: Tiling, width: Int) async throws(FormatError) -> Stage {
    let chunks = Mutex<[(tile: Tile, blocks: [UInt8])]>([])
    try await runJobs(
      tiling.count(of: tensor.matrix), width: width, buffers: { TileBuffers() }
    ) { (index, buffers) throws(FormatError) in
      let tile = tiling.tile(index, of: tensor.matrix)
      let blocks = try blocks(of: tile, &buffers)
      chunks.withLock { $0.append((tile, blocks)) }
    }
    return Stage(chunks.withLock { $0 }, rowMap: rowMap)
  }

  private func blocks(
    of tile: Tile, _ buffers: inout TileBuffers
  ) throws(FormatError) -> [UInt8] {
    try reader.read(tile, of: tensor, into: &buffers.input)
    guard !route.steps.isEmpty else { return buffers.input }
    var blocks = [UInt8](repeating: 0, count: Layout.q1_0.byteCount(of: tile))
    var tally = Tally(toleratesSubnormals: tolerance != nil)
    buffers.input.withBytes { source in
      blocks.withMutableBytes { target in
        route.apply(
          tile, from: source, to: &target, scratch: &buffers.scratch, tally: &tally)
      }
    }
    tolerance?.count(tally.toleratedCount)
    try locating(tensor: tensor.name) { () throws(FormatError) in try tally.check() }
    return blocks
  }
}
