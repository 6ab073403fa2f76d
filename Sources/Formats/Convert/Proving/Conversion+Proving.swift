extension Conversion {
  /// What the proof gives, where one is wanted. `async let` knows no typed errors; a result does.
  func proof(
    _ output: OutputTransaction, _ digests: TensorDigests?,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async -> Result<Fingerprint?, FormatError> {
    guard options.verifies else { return .success(nil) }
    do throws(FormatError) {
      return .success(try await prove(output, digests, progress))
    } catch {
      return .failure(error)
    }
  }

  /// Opens what was written as anybody would, and compares every tensor with its source, or with what
  /// is known of a source that is gone.
  ///
  /// - Returns: The fingerprint, where the model can have one.
  private func prove(
    _ output: OutputTransaction, _ digests: TensorDigests?,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> Fingerprint? {
    let written = try openWritten(output)
    let moves = try provenMoves(in: written)
    let counter = ByteCounter(.proving, total: byteCount, report: progress)
    var run = makeRun()
    run.rowUnit = LeafGrid.rows
    let readBack = TileRun(reader: written.reader, size: size, rowUnit: LeafGrid.rows)
    // Equal weights have one fingerprint; rounded ones have another than the source.
    let isOfWritten = isRounded || digests != nil
    let fingerprinting = try fingerprinting(isOfWritten ? written : model)
    if let digests {
      try await DigestProving(
        digests: digests, run: readBack, fingerprinting: fingerprinting, progress: counter.add)(
          moves)
    } else {
      try await Proving(
        run: run, written: written.reader, fingerprinting: fingerprinting,
        fingerprintsTarget: isRounded, progress: counter.add)(moves)
    }
    return try await fingerprinting?.ifKnown(isOfWritten ? readBack : run)
  }

  private func openWritten(_ output: OutputTransaction) throws(FormatError) -> Model {
    do throws(FormatError) {
      return try Model(opening: output.hiddenPath, limits: model.limits)
    } catch  where error.code != .io {
      throw FormatError(
        .proofFailed, "what was written cannot be opened: \(error.message)",
        at: error.location.offset
      ).located(file: error.location.file ?? output.hiddenPath, tensor: error.location.tensor)
    } catch {
      throw error
    }
  }

  /// The moves with their targets as they are found in what was written.
  private func provenMoves(in written: Model) throws(FormatError) -> [Move] {
    let moves = model.isPassing ? movesInSourceOrder : tensors.moves
    try plan.checkComplete(moves.lazy.map(\.source), of: model)
    guard written.tensors.count == moves.count else {
      throw FormatError(
        .proofFailed, "\(moves.count) tensors were written, \(written.tensors.count) are there")
    }
    return try moves.map { (move) throws(FormatError) in
      guard let tensor = written.tensor(named: move.target.name),
        tensor.layout == move.target.layout, tensor.shape == move.target.shape
      else {
        throw FormatError(.proofFailed, "the tensor was written and is not there")
          .located(tensor: move.target.name)
      }
      return Move(source: move.source, target: tensor)
    }
  }

  /// `nil` where a GGUF is rewritten with tensors whose values are not known.
  func fingerprinting(_ model: Model) throws(FormatError) -> Fingerprinting? {
    do throws(FormatError) {
      return try Fingerprinting(model, isPassing: model.isPassing)
    } catch  where error.code == .unsupported {
      return nil
    } catch {
      throw error
    }
  }

  /// What a model card says about the proof.
  func proofSentences(_ fingerprint: Fingerprint?) -> [String] {
    guard options.verifies else { return [] }
    let rounded = plan.roundedTensors
    let changed = rounded.changedCount
    let found =
      rounded.isEmpty
      ? "\(weightCount) weights in \(tensors.moves.count) tensors are equal, sign by sign and "
        + "scale by scale."
      : "of \(weightCount) weights in \(tensors.moves.count) tensors \(weightCount - changed) are "
        + "equal; \(changed) in \(rounded.count) tensors are what they were to be rounded to."
    let sentence =
      "Every tensor was read back from these files, decoded and compared with the source: \(found)"
    return [sentence] + (fingerprint.map { ["The fingerprint of the weights is `\($0)`."] } ?? [])
  }
}
