/// Produces tiles of a tensor in a layout that need not be its own.
struct TileFeed: Sendable {
  private let tensor: Tensor
  private var reader: TileReader
  private let route: Route
  private let stage: Stage?
  private let tolerance: SubnormalTolerance?

  /// Reads tiles straight from the files.
  init(
    _ tensor: Tensor, _ reader: TileReader, as layout: Layout,
    _ tolerance: SubnormalTolerance? = nil
  ) throws(FormatError) {
    self.tensor = tensor
    self.reader = reader
    self.tolerance = tolerance
    stage = nil
    route = try locating(tensor: tensor.name) { () throws(FormatError) in
      try tensor.route(to: layout)
    }
  }

  /// Cuts tiles from a stage.
  init(_ tensor: Tensor, _ reader: TileReader, _ stage: Stage, as layout: Layout)
    throws(FormatError)
  {
    self.tensor = tensor
    self.reader = reader
    self.stage = stage
    // What there was to tolerate happened on the way into the stage.
    tolerance = nil
    route = try ConversionGraph.standard.route(from: .q1_0, to: layout)
  }

  /// The same from other sources.
  func reading(from reader: TileReader) -> TileFeed {
    var copy = self
    copy.reader = reader
    return copy
  }

  /// Puts the packed tile into `buffers.output`.
  func fill(_ tile: Tile, _ buffers: inout TileBuffers) throws(FormatError) {
    if route.steps.isEmpty {
      return try fetch(tile, into: &buffers.output)
    }
    let tally = try tally(tile, &buffers)
    try locating(tensor: tensor.name) { () throws(FormatError) in try tally.check() }
  }

  /// Rewrites the tile as far as it goes, and counts what cannot be written.
  func tally(_ tile: Tile, _ buffers: inout TileBuffers) throws(FormatError) -> Tally {
    try fetch(tile, into: &buffers.input)
    buffers.output.resize(to: route.target.byteCount(of: tile))
    var tally = Tally(toleratesSubnormals: tolerance != nil)
    buffers.input.withBytes { source in
      buffers.output.withMutableBytes { target in
        route.apply(tile, from: source, to: &target, scratch: &buffers.scratch, tally: &tally)
      }
    }
    tolerance?.count(tally.toleratedCount)
    return tally
  }

  private func fetch(_ tile: Tile, into buffer: inout [UInt8]) throws(FormatError) {
    if let stage {
      stage.cut(tile, into: &buffer)
    } else {
      try reader.read(tile, of: tensor, into: &buffer)
    }
  }
}

/// What one task needs to work on tiles; kept from tile to tile.
struct TileBuffers {
  var input: [UInt8] = []
  var output: [UInt8] = []
  var other: [UInt8] = []
  var scratch = TileScratch()
  var leaves = LeafBuffers()
  /// A run of bytes of a stream.
  var window: [UInt8] = []
}
