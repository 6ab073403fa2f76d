/// Writes the targets of moves while their sources go by once, and keeps a digest of each tensor, by
/// which it is proven that what was written is what was read.
struct OnePass: Sendable {
  let run: OrderedRun
  /// Takes a packed tile of the target of a move, which is given by its number.
  let write: @Sendable (Int, Tile, [UInt8]) throws(FormatError) -> Void
  /// Digests of the sources, and where what is written cannot be read again, of the targets.
  let digests: TensorDigests?
  /// Whether targets are hashed too, before they are written.
  var hashesTargets = false
  /// Takes what is read, where it is not the written model that gives the fingerprint.
  var fingerprinting: Fingerprinting?

  func callAsFunction(_ moves: [Move]) async throws(FormatError) {
    let decoders = try hashesTargets ? moves.map(Self.decoder) : []
    try await run(moves) { (work, tile, buffers) throws(FormatError) in
      let move = work.move
      try work.target.fill(tile, &buffers)
      if let digests, hashesTargets {
        try Self.decode(tile, decoders[work.number], &buffers)
        digests.targets[work.number].add(
          tile, buffers.other, as: digests.kinds[work.number], scratch: &buffers.leaves.leaf)
      }
      try write(work.number, tile, buffers.output)
      guard let digests else { return }
      let layout = move.comparisonLayout
      if layout != move.target.layout { try work.comparison.fill(tile, &buffers) }
      digests.sources[work.number].add(
        tile, buffers.output, as: digests.kinds[work.number], scratch: &buffers.leaves.leaf)
      fingerprinting?.add(tile, of: move.source, buffers.output, as: layout, &buffers.leaves)
    }
  }

  private static func decoder(_ move: Move) throws(FormatError) -> Route {
    try ConversionGraph.standard.route(from: move.target.layout, to: move.comparisonLayout)
  }

  private static func decode(
    _ tile: Tile, _ route: Route, _ buffers: inout TileBuffers
  ) throws(FormatError) {
    guard !route.steps.isEmpty else {
      buffers.other = buffers.output
      return
    }
    buffers.other.resize(to: route.target.byteCount(of: tile))
    var tally = Tally()
    buffers.output.withBytes { source in
      buffers.other.withMutableBytes { target in
        route.apply(tile, from: source, to: &target, scratch: &buffers.scratch, tally: &tally)
      }
    }
    guard tally.refusedCount == 0 else {
      throw FormatError(.proofFailed, "what was to be written cannot be decoded")
    }
  }
}
