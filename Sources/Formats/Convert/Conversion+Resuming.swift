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
  private func fileNames(in output: OutputTransaction) -> [String] {
    tensors.files.map { $0.name.text(in: output.path) }
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
      if try await isFinished(file, output.path(of: name), moves, progress: counter.add) {
        continue
      }
      try SystemCalls.removeTree(output.path(of: name))
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
    guard try SystemCalls.linkStatus(path)?.byteCount == file.byteCount else { return false }
    let source = try FileSource(path: path)
    guard try source.bytes(0..<file.header.count).hasSameBytes(as: file.header) else {
      return false
    }
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
}
