/// The most memory that a conversion takes: what its tasks hold of tiles, and its stages.
struct MemoryBound {
  /// What one task holds; buffers keep the size of the largest tile that they ever held.
  private struct Task {
    var input = 0, output = 0, other = 0, steps = 0, blocks = 0

    /// An array that grows may take twice what it needs.
    var byteCount: Int { 2 * (input + output + other + 2 * steps + blocks) }

    mutating func hold(input: Int, output: Int, steps: Int) {
      self.input = max(self.input, input)
      self.output = max(self.output, output)
      self.steps = max(self.steps, steps)
    }
  }

  /// Code, stacks, names and the runtime's own needs.
  private static let base = 48 << 20

  let byteCount: Int

  init(_ conversion: Conversion) throws(FormatError) {
    let run = conversion.makeRun()
    var task = Task()
    var (stage, leaves) = (0, 0)
    let graph = ConversionGraph.standard
    for move in conversion.tensors.moves {
      let matrix = move.target.matrix
      // Whether values have to be rounded is seen only when they are read.
      let mayRound = conversion.options.allowsRounding
      let source = mayRound ? try move.source.rounded(for: move.target.layout) : move.source
      let read = { (layout: Layout) throws(FormatError) -> Route in
        try move.needsStage ? graph.route(from: .q1_0, to: layout) : source.route(to: layout)
      }
      let written = try read(move.target.layout)
      Self.add([written], Self.tile(move, run, rowUnit: 1), &task)
      if conversion.options.verifies {
        let tile = Self.tile(move, run, rowUnit: LeafGrid.rows)
        let compared = try graph.route(from: move.target.layout, to: move.comparisonLayout)
        Self.add([try read(move.comparisonLayout), compared], tile, &task)
        task.other = max(task.other, move.comparisonLayout.byteCount(of: tile))
        // A dense tile is looked at for its signs and scales, by way of F16.
        let blocks = tile.columns.count / 128 * tile.rows.count * Q1_0.blockByteCount
        task.blocks = max(task.blocks, blocks + Layout.f16.byteCount(of: tile))
        leaves = max(leaves, LeafGrid(matrix: matrix).count * Digest.byteCount)
      }
      if move.needsStage {
        // Its blocks, and the tile that is on its way into them.
        stage = max(stage, Layout.q1_0.byteCount(of: matrix) + 8 * run.tileByteCount)
      }
    }
    let headers = conversion.tensors.files.reduce(0) { $0 + $1.header.count }
    // Of a stream the header stays, runs of it wait for their turn, and tiles of a tensor that is held
    // are worked on beside those that stream; every tensor's leaves stay until it is complete.
    let stream =
      conversion.model.stream.map {
        $0.position + conversion.options.width * (task.byteCount + 2 * task.input)
      } ?? 0
    byteCount =
      Self.base + conversion.options.width * task.byteCount + 2 * stage + 3 * leaves + 2 * headers
      + stream
  }

  /// The largest tile of a tensor.
  private static func tile(_ move: Move, _ run: TileRun, rowUnit: Int) -> Tile {
    let tiling = move.tiling(byteCount: run.tileByteCount, rowUnit: rowUnit)
    let matrix = move.target.matrix
    return tiling.count(of: matrix) == 0 ? matrix.whole : tiling.tile(0, of: matrix)
  }

  private static func add(_ routes: [Route], _ tile: Tile, _ task: inout Task) {
    for route in routes {
      let steps = route.steps.dropLast().map { $0.target.byteCount(of: tile) }.max() ?? 0
      task.hold(
        input: route.source.byteCount(of: tile), output: route.target.byteCount(of: tile),
        steps: steps)
    }
  }
}
