extension Conversion {
  /// Refuses what cannot be resumed.
  func checkResuming() throws(FormatError) {
    guard !options.resumes || makesDirectory else {
      throw FormatError(
        .usage,
        "a single file cannot be resumed, for it is finished as a whole: --split-max-size makes "
          + "several")
    }
  }

  /// The names of the files that are kept when a run is interrupted.
  func fileNames(in output: OutputTransaction) -> [String] {
    tensors.files.map { name(of: $0, in: output.path) }
  }

  /// Ends a run that failed: what an interruption or the system stopped can be resumed.
  func stop(_ output: OutputTransaction, after error: FormatError) {
    if options.resumes, [.cancelled, .io].contains(error.code) {
      output.interrupt(keeping: fileNames(in: output))
    } else {
      output.rollBack()
    }
  }

  /// Writes file after file, but for those that an earlier run has finished and that are found to hold
  /// what they should.
  func writeResuming(
    _ output: OutputTransaction, _ run: TileRun,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) {
    let names = fileNames(in: output)
    try output.removeAll(but: names)
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    for (number, name) in names.enumerated() {
      let file = tensors.files[number]
      let moves = tensors.moves.filter { $0.target.parts.first?.file == number }
      let path = output.path(of: name)
      if try await isFinished(file, path, moves, progress: counter.add) {
        // A run that was killed may have left it in memory alone.
        try await resultOffPool { () throws(FormatError) in
          try OutputTransaction.synchronize(path)
        }.get()
        continue
      }
      try SystemCalls.removeTree(output.path(of: name))
      if let compression = options.compression {
        let handle = try output.createUnfinished(name, byteCount: 0)
        try await writeCompressed(
          file: number, to: handle, run, level: compression.level, progress: counter.add)
        try await resultOffPool { () throws(FormatError) in try output.finish(handle, name) }.get()
        continue
      }
      let handle = try output.createUnfinished(name, byteCount: file.byteCount)
      try handle.write(file.header, at: 0)
      let outputs = Array(repeating: handle, count: names.count)
      try await Moving(run: run, outputs: outputs, progress: counter.add)(moves)
      try await resultOffPool { () throws(FormatError) in try output.finish(handle, name) }.get()
    }
  }

  /// Whether a file is there that has the header and the weights that it is to have: what has been
  /// left is not trusted.
  private func isFinished(
    _ file: TensorFiles.File, _ path: String, _ moves: [Move],
    progress: @escaping @Sendable (Int) -> Void
  ) async throws(FormatError) -> Bool {
    guard let source = try finishedSource(file, path) else { return false }
    let reader = TileReader(files: Array(repeating: source, count: tensors.files.count))
    var run = makeRun()
    run.rowUnit = LeafGrid.rows
    do throws(FormatError) {
      try await Proving(run: run, written: reader, progress: progress)(moves)
      return true
    } catch  where error.code == .proofFailed {
      return false
    } catch {
      throw error
    }
  }

  /// The content of a file that is there, where it has the length and the header that it is to have.
  private func finishedSource(
    _ file: TensorFiles.File, _ path: String
  ) throws(FormatError) -> (any ByteSource)? {
    guard try SystemCalls.linkStatus(path) != nil else { return nil }
    do throws(FormatError) {
      let isCompressed = options.compression != nil
      let source: any ByteSource =
        try isCompressed ? openSource(path, model.limits) : FileSource(path: path)
      guard source.byteCount == file.byteCount,
        isCompressed == (source.access == .framed),
        try source.bytes(0..<file.header.count).hasSameBytes(as: file.header)
      else { return nil }
      return source
    } catch  where [.malformed, .truncated, .limit, .unsupported].contains(error.code) {
      return nil
    } catch {
      throw error
    }
  }
}
