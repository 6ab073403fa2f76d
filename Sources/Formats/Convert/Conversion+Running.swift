extension Conversion {
  /// Writes the output.
  ///
  /// The output gets its name when everything in it is durable and, unless that was declined, has
  /// been read back and found equal to the source, or to what was to become of it by rounding. What
  /// fails leaves nothing behind.
  ///
  /// - Parameters:
  ///   - path: The directory to make; for a GGUF that is not split, the file.
  ///   - progress: Told now and then, from any task.
  /// - Returns: What was done.
  /// - Throws: ``FormatError``; also `cancelled`, when the surrounding task was.
  public func run(
    to path: String, progress: @escaping @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws(FormatError) -> ConversionReport {
    do throws(FormatError) {
      return try await replanning(path, progress)
    } catch {
      throw error.unlessChanged(model.checkUnchanged)
    }
  }

  private func replanning(
    _ path: String, _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> ConversionReport {
    do throws(FormatError) {
      return try await attempt(path, progress)
    } catch  where error.code == .notExact && model.isPassing {
      throw refuted(error)
    } catch  where error.code == .notExact {
      do throws(FormatError) {
        return try await replanned(after: error).attempt(path, progress)
      } catch {
        throw error.located(file: model.path)
      }
    } catch  where error.code == .unsupported {
      // A weight of the source, for what was written fails as a proof.
      throw error.located(file: model.path)
    } catch {
      throw error
    }
  }

  private func attempt(
    _ path: String, _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> ConversionReport {
    let output = try OutputTransaction(
      path, outputKind, replacing: options.replaces, inputs: inputs,
      resuming: options.resumes)
    do throws(FormatError) {
      // What compressing leaves is known when it is written.
      if options.compression == nil {
        try output.checkSpace(
          for: neededByteCount, held: options.resumes ? output.heldByteCount() : 0)
      }
      let run = makeRun()
      let (handles, digests) = try await writeTensors(output, run, progress)
      var files: [ConversionReport.File] = []
      for file in companions.files { files.append(try write(file, to: output)) }
      if let index = tensors.index {
        files.append(try write(SafetensorsIndex.fileName, index, to: output))
      }
      // The disk takes the last bytes while they are being read back; both must end well.
      async let sealing = sealed(handles)
      let proof = await proof(output, digests, progress)
      progress(ConversionProgress(phase: .syncing, done: byteCount, total: byteCount))
      try await sealing.get()
      let fingerprint = try proof.get()
      if let card = try companions.modelCard(
        proof: proofSentences(fingerprint), output: path)
      {
        files.append(try write("README.md", card, to: output))
      }
      try model.checkUnchanged()
      if Task.isCancelled { throw FormatError(.cancelled, "cancelled") }
      files += try tensorFiles(in: output)
      let leftover = try output.commit()
      return report(files, fingerprint, tolerated: run.tolerance?.groupCount ?? 0, leftover)
    } catch {
      stop(output, after: error)
      throw error
    }
  }

  private func writeTensors(
    _ output: OutputTransaction, _ run: TileRun,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> (files: [OutputFile], digests: TensorDigests?) {
    if options.resumes {
      try await writeResuming(output, run, progress)
      return ([], nil)
    }
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    if let compression = options.compression {
      return try await writeCompressed(output, run, level: compression.level, counter.add)
    }
    var files: [OutputFile] = []
    for file in tensors.files {
      let handle = try output.create(name(of: file, in: output.path), byteCount: file.byteCount)
      try handle.write(file.header, at: 0)
      files.append(handle)
    }
    if model.isPassing {
      return (files, try await writePassing(to: files, run, counter.add))
    }
    try await Moving(run: run, outputs: files, progress: counter.add)(tensors.moves)
    return (files, nil)
  }

  /// `async let` knows no typed errors; a result does.
  private func sealed(_ files: [OutputFile]) async -> Result<Void, FormatError> {
    await resultOffPool { () throws(FormatError) in for file in files { try file.seal() } }
  }

  private func proof(
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

  private func write(
    _ file: RepositoryFile, to output: OutputTransaction
  ) throws(FormatError) -> ConversionReport.File {
    let handle = try output.create(file.name, byteCount: 0)
    var end = 0
    try file.write { (piece) throws(FormatError) in
      try handle.write(piece, at: end)
      end += piece.count
    }
    try handle.seal()
    return .init(name: file.name, byteCount: end)
  }

  private func write(
    _ name: String, _ bytes: [UInt8], to output: OutputTransaction
  ) throws(FormatError) -> ConversionReport.File {
    try write(RepositoryFile(name) { (sink) throws(FormatError) in try sink(bytes) }, to: output)
  }

  private func proofSentences(_ fingerprint: Fingerprint?) -> [String] {
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

  /// The files with tensors, as they were written.
  private func tensorFiles(
    in output: OutputTransaction
  ) throws(FormatError) -> [ConversionReport.File] {
    try tensors.files.map { (file) throws(FormatError) in
      let name = name(of: file, in: output.path)
      let count = try SystemCalls.linkStatus(output.path(of: name))?.byteCount
      return .init(name: name, byteCount: count ?? file.byteCount)
    }
  }

  private var weightCount: Int { tensors.moves.reduce(0) { $0 + $1.source.elementCount } }

  func report(
    _ files: [ConversionReport.File], _ fingerprint: Fingerprint?, tolerated: Int,
    _ leftover: FormatError?
  ) -> ConversionReport {
    var counts: [(layout: Layout, count: Int)] = []
    for move in tensors.moves {
      if let index = counts.firstIndex(where: { $0.layout == move.target.layout }) {
        counts[index].count += 1
      } else {
        counts.append((move.target.layout, 1))
      }
    }
    return ConversionReport(
      files: files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
      tensorCounts: counts, weightCount: weightCount,
      notes: plan.notes
        + (leftover.map { ["what was replaced could not be removed: \($0)"] } ?? []),
      roundedTensors: plan.roundedTensors, toleratedGroupCount: tolerated,
      isProven: options.verifies, fingerprint: fingerprint)
  }
}
