/// Reads what was written and hashes it, for a source that is gone.
struct DigestProving: Sendable {
  let digests: TensorDigests
  /// Reads the written tensors, in whole leaves.
  let run: TileRun
  let fingerprinting: Fingerprinting?
  let progress: @Sendable (Int) -> Void

  /// - Parameter moves: Those of the digests, with targets where they have been written.
  /// - Throws: `proofFailed`, naming the first tensor that differs.
  func callAsFunction(_ moves: [Move]) async throws(FormatError) {
    let written = moves.map { Move(source: $0.target, target: $0.target) }
    do throws(FormatError) {
      try await run(written, as: { moves[$0].comparisonLayout }) {
        (work, tile, buffers) throws(FormatError) in
        try work.feed.fill(tile, &buffers)
        digests.targets[work.number].add(
          tile, buffers.output, as: digests.kinds[work.number], scratch: &buffers.leaves.leaf)
        fingerprinting?.add(
          tile, of: work.move.target, buffers.output, as: moves[work.number].comparisonLayout,
          &buffers.leaves)
        progress(work.move.target.layout.byteCount(of: tile))
      }
    } catch  where error.code == .io || error.code == .cancelled {
      throw error
    } catch {
      throw FormatError(.proofFailed, "what was written cannot be read back: \(error.description)")
    }
    try digests.check()
  }
}
