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
