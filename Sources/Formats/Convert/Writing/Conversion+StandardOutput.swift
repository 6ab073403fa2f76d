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
  /// - Throws: ``FormatError``; `usage` for an output that is no single file, or the input; `unsupported` for what
  ///   cannot be done in one pass.
  public func run(
    toDescriptor descriptor: Int32, name: String,
    progress: @escaping @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws(FormatError) -> ConversionReport {
    try checkStandardOutput()
    try checkApart(from: descriptor, name)
    try limitWindows()
    let sink = DescriptorSink(descriptor: descriptor, name: name)
    let frames = options.compression.map { compression in
      FrameSink(
        level: compression.level, isProving: options.verifies, FrameAppender(to: sink))
    }
    let output = sequence(ofFile: 0, to: frames ?? sink)
    do throws(FormatError) {
      let run = makeRun()
      let fingerprint = try await write(to: output, run, progress)
      let byteCount = try frames?.finish() ?? output.position
      try model.checkRead()
      try Cancellation.check()
      return ConversionReport(
        of: self, files: [.init(name: Paths.name(of: name), byteCount: byteCount)],
        fingerprint: fingerprint, toleratedCount: run.tolerance?.groupCount ?? 0)
    } catch {
      let error = refuted(error).unlessChanged(model.checkUnchanged).located(file: model.path)
      throw sink.incomplete(error)
    }
  }

  /// Refuses to append to what is read.
  private func checkApart(from descriptor: Int32, _ name: String) throws(FormatError) {
    let output = try SystemCalls.status(descriptor, path: name)
    guard output.isRegular else { return }
    for input in inputs where try SystemCalls.status(input)?.isSameFile(as: output) == true {
      throw FormatError(.usage, "the output is the input").located(file: name)
    }
  }

  private func write(
    to output: SequentialOutput, _ run: TileRun,
    _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> Fingerprint? {
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    let hashing =
      try options.verifies
      ? TileHashing(
        digests: TensorDigests(movesInOrder(ofFile: 0)), hashesTargets: true,
        fingerprinting: fingerprinting(model)) : nil
    try await write(
      0, inOrderTo: output, Writing(run: run, hashing: hashing, progress: counter.add))
    try hashing?.digests.check()
    let fingerprinting = hashing?.fingerprinting
    if model.isPassing { return fingerprinting?.complete }
    // What is tolerated has been counted.
    return try await fingerprinting?.ifKnown(makeRun())
  }
}
