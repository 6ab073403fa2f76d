/// Digests of the sources and the targets of moves, by which they are compared when they cannot be
/// read at the same time.
struct TensorDigests: Sendable {
  let sources: [TensorDigest]
  let targets: [TensorDigest]
  /// What each pair is hashed as.
  let kinds: [Fingerprint.Kind]

  /// - Throws: `unsupported` for a tensor whose values are not known.
  init(_ moves: [Move]) throws(FormatError) {
    kinds = try moves.map { (move) throws(FormatError) in
      switch move.comparisonLayout {
      case .q1_0: return .oneBit
      case .f32: return .dense
      default:
        throw FormatError(
          .unsupported,
          "what becomes of type \(move.source.layout.name) cannot be proven in one pass: save the "
            + "stream to a file and convert that, or decline the proof with --no-verify"
        ).located(tensor: move.source.name)
      }
    }
    sources = zip(moves, kinds).map {
      TensorDigest(name: $0.source.name, tensor: $0.source, as: $1)
    }
    targets = zip(moves, kinds).map {
      TensorDigest(name: $0.target.name, tensor: $0.target, as: $1)
    }
  }

  /// - Throws: `proofFailed`, naming the first tensor that differs.
  func check() throws(FormatError) {
    for (source, target) in zip(sources, targets) {
      guard let read = source.result, let written = target.result, read.digest == written.digest
      else {
        throw FormatError(.proofFailed, "what was written differs from the source")
          .located(tensor: target.name)
      }
    }
  }
}

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
