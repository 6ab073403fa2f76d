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
      try companions.checkModelCard(output: path)
      let planned = try await planned(forLeftoverOf: path)
      do throws(FormatError) {
        return try await planned.attempt(path, progress, isLast: model.isPassing)
      } catch  where error.code == .notExact && model.isPassing {
        throw refuted(error)
      } catch  where error.code == .notExact {
        return try await planned.replanned(after: error, for: path)
          .attempt(path, progress, isLast: true)
      } catch {
        throw error
      }
    } catch  where [.unsupported, .notExact, .malformed, .limit].contains(error.code) {
      // Something of the source, for what was written fails as a proof.
      throw error.located(file: model.path)
    } catch {
      throw error
    }
  }

  /// - Parameter isLast: Whether nothing is tried any more when this fails.
  private func attempt(
    _ path: String, _ progress: @escaping @Sendable (ConversionProgress) -> Void, isLast: Bool
  ) async throws(FormatError) -> ConversionReport {
    let output = try transaction(path)
    do throws(FormatError) {
      try limitWindows()
      // What compressing leaves is known when it is written.
      if options.compression == nil {
        try output.checkSpace(
          for: neededByteCount, held: options.resumes ? output.heldByteCount() : 0)
      }
      let written = try await writeTensors(output, progress)
      var files: [ConversionReport.File] = []
      for file in companions.files { files.append(try write(file, to: output)) }
      if let index = tensors.index {
        files.append(try write(SafetensorsIndex.fileName, index, to: output))
      }
      // The disk takes the last bytes while they are being read back; both must end well.
      async let sealing = sealed(written.files)
      let proof = await proof(output, written.digests, progress)
      progress(ConversionProgress(phase: .syncing, done: byteCount, total: byteCount))
      try await sealing.get()
      let fingerprint = try proof.get()
      if let card = try companions.modelCard(
        proof: proofSentences(fingerprint), output: path)
      {
        files.append(try write("README.md", card, to: output))
      }
      try model.checkRead()
      try Cancellation.check()
      files += try tensorFiles(in: output)
      let leftover = try output.commit()
      return ConversionReport(
        of: self, files: files, fingerprint: fingerprint, toleratedCount: written.toleratedCount,
        leftover: leftover)
    } catch {
      stop(output, after: error, isLast: isLast)
      throw error
    }
  }

  /// Begins the output.
  func transaction(_ path: String) throws(FormatError) -> OutputTransaction {
    try OutputTransaction(
      path, outputKind, replacing: options.replaces, inputs: inputs, resuming: options.resumes)
  }

  /// `async let` knows no typed errors; a result does.
  private func sealed(_ files: [OutputFile]) async -> Result<Void, FormatError> {
    await resultOffPool { () throws(FormatError) in for file in files { try file.seal() } }
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
}
