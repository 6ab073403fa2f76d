extension Conversion {
  /// Writes the output, a GGUF in one file, to an open descriptor, from front to back.
  ///
  /// What is written cannot be read again: its tiles are decoded before they go, and the digests of
  /// its tensors compared with those of the source. Where anything fails, what has been written
  /// remains, and the error says that it is incomplete.
  ///
  /// - Parameters:
  ///   - descriptor: A pipe, or a file that is empty.
  ///   - name: What messages call it.
  ///   - progress: Told now and then, from any task.
  /// - Returns: What was done.
  /// - Throws: ``FormatError``; `usage` for an output that is no single file; `unsupported` for what
  ///   cannot be done in one pass.
  public func run(
    toDescriptor descriptor: Int32, name: String,
    progress: @escaping @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws(FormatError) -> ConversionReport {
    try checkStandardOutput()
    let file = tensors.files[0]
    let output = SequentialOutput(
      descriptor, name: name,
      ranges: [0..<file.header.count] + tensors.moves.map { $0.target.parts[0].info.range },
      byteCount: file.byteCount)
    do throws(FormatError) {
      let run = makeRun()
      try output.write(file.header, at: 0)
      let fingerprint = try await write(to: output, run, progress)
      try model.checkUnchanged()
      if Task.isCancelled { throw FormatError(.cancelled, "cancelled") }
      return report(name, [], fingerprint, tolerated: run.tolerance?.groupCount ?? 0, nil)
    } catch {
      let error = refuted(error).located(file: model.path)
      guard output.position > 0 else { throw error }
      throw error.adding("; what was written to \(name) is incomplete")
    }
  }

  private func write(
    to output: SequentialOutput, _ run: TileRun,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> Fingerprint? {
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    let digests = try options.verifies ? TensorDigests(tensors.moves) : nil
    let fingerprinting = try options.verifies ? fingerprinting(model) : nil
    let pass = OnePass(
      run: OrderedRun(run: run, stream: model.stream, output: output),
      write: { (tile, tensor, bytes) throws(FormatError) in
        let rectangle = tensor.layout.parts[0].rectangle(of: tile, in: tensor.matrix)
        try output.write(bytes, at: tensor.parts[0].info.range.lowerBound + rectangle.start)
      }, digests: digests, hashesTargets: true, fingerprinting: fingerprinting,
      progress: counter.add)
    try await pass(tensors.moves)
    try digests?.check()
    if let stream = model.stream {
      try stream.checkEnd(model.streamByteCounts())
      return fingerprinting?.complete
    }
    return try await fingerprinting?.ifKnown(run)
  }

  private func checkStandardOutput() throws(FormatError) {
    guard target.isGGUF, options.split == nil else {
      throw FormatError(
        .usage, "only a GGUF in one file can be written to a stream: give a directory with -o")
    }
    guard !options.allowsRounding else {
      throw FormatError(
        .unsupported, "what is rounded is written once it is known, which a stream cannot wait for"
      )
      .located(file: model.path)
    }
    guard model.stream != nil else { return }
    let starts = movesInSourceOrder.map { $0.target.parts[0].info.range.lowerBound }
    guard zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw FormatError(
        .unsupported,
        "its tensors come in another order than that of the output, and what is written to a "
          + "stream cannot wait for them: write to a file with -o"
      ).located(file: model.path)
    }
  }
}

extension FormatError {
  fileprivate func adding(_ more: String) -> FormatError {
    FormatError(code, message + more, errno: errno).located(
      file: location.file, offset: location.offset, tensor: location.tensor, row: location.row,
      group: location.group)
  }
}
