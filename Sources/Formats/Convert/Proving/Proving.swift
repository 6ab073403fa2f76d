/// Reads the targets of moves back and compares them with their sources, weight by weight.
///
/// The written bytes go through the same readers as anybody's files and are decoded. Dense values are
/// compared as values, so that a mistake of the encoder does not repeat itself here. Between layouts that
/// are 1-bit, and where a source lies across its target, both sides are compared in Q1_0, which takes
/// the source along a step of its own conversion. Where values are rounded, it is the rounded ones of
/// the source that are compared.
struct Proving: Sendable {
  let run: TileRun
  /// Reads the written tensors.
  let written: TileReader
  /// Takes what was proven, so that nothing has to be read again for the fingerprint.
  var fingerprinting: Fingerprinting?
  /// Whether that is made of the targets, where they are not to equal the sources.
  var fingerprintsTarget = false
  /// Told the number of bytes after each tile, from any task.
  let progress: @Sendable (Int) -> Void

  /// - Throws: `proofFailed`, naming the first tensor and row that differ.
  func callAsFunction(_ moves: [Move]) async throws(FormatError) {
    for move in moves { _ = try readBack(move) }
    try await run(moves, as: { moves[$0].proofLayout }) {
      (work, tile, buffers) throws(FormatError) in
      let move = work.move
      try Self.readBack(tile, readBack(move), move, &buffers)
      swap(&buffers.output, &buffers.other)
      try work.feed.fill(tile, &buffers)
      let layout = move.proofLayout
      if layout == .q1_0 {
        Self.canonicalize(&buffers.output)
        Self.canonicalize(&buffers.other)
      }
      if !buffers.output.hasSameBytes(as: buffers.other) {
        layout.dropSignsOfZeros(&buffers.output)
        layout.dropSignsOfZeros(&buffers.other)
      }
      guard buffers.output.hasSameBytes(as: buffers.other) else {
        throw Self.difference(buffers, move, tile, layout)
      }
      let proven = fingerprintsTarget ? move.target : move.source
      fingerprinting?.add(tile, of: proven, buffers.output, as: layout, &buffers.leaves)
      progress(move.target.layout.byteCount(of: tile))
    }
  }

  private func readBack(_ move: Move) throws(FormatError) -> TileFeed {
    try TileFeed(move.target, written, as: move.proofLayout)
  }

  private static func readBack(
    _ tile: Tile, _ feed: TileFeed, _ move: Move, _ buffers: inout TileBuffers
  ) throws(FormatError) {
    do throws(FormatError) {
      try feed.fill(tile, &buffers)
    } catch  where error.code == .io || error.code == .cancelled {
      throw error
    } catch {
      throw FormatError(.proofFailed, "what was written cannot be read back: \(error.message)")
        .located(tensor: move.target.name)
    }
  }

  private static func canonicalize(_ blocks: inout [UInt8]) {
    let count = blocks.count / Q1_0.blockByteCount
    blocks.withMutableBytes { Q1_0.canonicalize(&$0, count: count) }
  }

  private static func difference(
    _ buffers: TileBuffers, _ move: Move, _ tile: Tile, _ layout: Layout
  ) -> FormatError {
    let position = zip(buffers.output, buffers.other).enumerated().first { $1.0 != $1.1 }?.offset
    let rowByteCount = max(buffers.output.count / max(tile.rows.count, 1), 1)
    return FormatError(.proofFailed, "what was written differs from the source")
      .located(
        tensor: move.target.name, row: tile.rows.lowerBound + (position ?? 0) / rowByteCount)
  }
}
