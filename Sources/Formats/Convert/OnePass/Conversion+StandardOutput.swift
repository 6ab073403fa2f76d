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
    let stream = DescriptorSink(descriptor: descriptor, name: name)
    let frames = options.compression.map { compression in
      FrameSink(
        level: compression.level, isProving: options.verifies,
        FrameAppender { (bytes, _) throws(FormatError) in
          try bytes.withBytes { (span) throws(FormatError) in try stream.append(span) }
        })
    }
    let sink: any SequentialSink = frames ?? stream
    let output = sequentialOutput(ofFile: 0, to: sink)
    do throws(FormatError) {
      let run = makeRun()
      let fingerprint = try await write(to: output, run, progress)
      let byteCount = try frames?.finish() ?? output.position
      try model.checkUnchanged()
      if Task.isCancelled { throw FormatError(.cancelled, "cancelled") }
      return report(
        [.init(name: Paths.name(of: name), byteCount: byteCount)], fingerprint,
        tolerated: run.tolerance?.groupCount ?? 0, nil)
    } catch {
      let error = refuted(error).unlessChanged(model.checkUnchanged).located(file: model.path)
      guard stream.hasBegun else { throw error }
      throw error.adding("; what was written to \(name) is incomplete")
    }
  }

  private func write(
    to output: SequentialOutput, _ run: TileRun,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> Fingerprint? {
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    let digests = try options.verifies ? TensorDigests(parts(ofFile: 0).map(\.move)) : nil
    let fingerprinting = try options.verifies ? fingerprinting(model) : nil
    try await writeInOrder(
      file: 0, to: output, run, digests, hashesTargets: true, fingerprinting,
      progress: counter.add)
    try digests?.check()
    if model.isPassing { return fingerprinting?.complete }
    return try await fingerprinting?.ifKnown(run)
  }

  /// Refuses what cannot be written front to back in one file.
  func checkStandardOutput() throws(FormatError) {
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
    try checkOrder()
  }
}

extension FormatError {
  fileprivate func adding(_ more: String) -> FormatError {
    FormatError(code, message + more, errno: errno).located(
      file: location.file, offset: location.offset, tensor: location.tensor, row: location.row,
      group: location.group)
  }
}
