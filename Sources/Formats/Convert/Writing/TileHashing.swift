/// Hashes tiles while they go by, so that what was written can be proven to be what was read although
/// one of them, or both, cannot be read again.
struct TileHashing: Sendable {
  /// Of the moves, in their order.
  let digests: TensorDigests
  /// Whether targets are decoded and hashed too, before they are written.
  var hashesTargets = false
  /// Takes what is read, where it is not the written model that gives the fingerprint.
  var fingerprinting: Fingerprinting?

  /// Takes the packed tile of a target in `buffers.output`, and leaves it there.
  func addTarget(
    _ tile: Tile, of work: TileRun.Work, _ buffers: inout TileBuffers
  ) throws(FormatError) {
    guard hashesTargets else { return }
    try Self.decode(tile, work.move, &buffers)
    digests.targets[work.number].add(
      tile, buffers.other, as: digests.kinds[work.number], scratch: &buffers.leaves.leaf)
  }

  /// Takes the source of a tile whose target is in `buffers.output`, and may be replaced there.
  func addSource(
    _ tile: Tile, of work: TileRun.Work, _ buffers: inout TileBuffers
  ) throws(FormatError) {
    let (move, layout) = (work.move, work.move.comparisonLayout)
    if layout != move.target.layout { try work.feed(as: layout).fill(tile, &buffers) }
    digests.sources[work.number].add(
      tile, buffers.output, as: digests.kinds[work.number], scratch: &buffers.leaves.leaf)
    fingerprinting?.add(tile, of: move.source, buffers.output, as: layout, &buffers.leaves)
  }

  /// Decodes a target into what it is compared in.
  private static func decode(
    _ tile: Tile, _ move: Move, _ buffers: inout TileBuffers
  ) throws(FormatError) {
    let route = try ConversionGraph.standard.route(
      from: move.target.layout, to: move.comparisonLayout)
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
