/// Refuses, before a byte is written, combinations of source, target and options that cannot work.
extension Conversion {
  /// Refuses what cannot be written to files.
  func checkPlan() throws(FormatError) {
    try checkPassing()
    try checkCompressing()
    guard !options.resumes || makesDirectory else {
      throw FormatError(
        .usage,
        "a single file cannot be resumed, for it is finished as a whole: --split-max-size makes "
          + "several")
    }
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

  /// Refuses what cannot be done when the source is read only once.
  private func checkPassing() throws(FormatError) {
    guard model.isPassing else { return }
    if options.allowsRounding {
      throw model.needsFile("what is rounded is planned by reading the weights beforehand")
    }
    if options.resumes {
      throw model.needsFile("what is there of an output is compared with the source once more")
    }
    let isTied = model.config?["tie_word_embeddings"] == .bool(true)
    if isTied, !target.isGGUF, model.tensor(named: "lm_head.weight") != nil {
      throw model.needsFile(
        "the model is said to be tied and stores an output matrix, which has to be compared with "
          + "the embedding beforehand", tensor: "lm_head.weight")
    }
    if options.verifies { _ = try TensorDigests(tensors.moves) }
    _ = try model.passingFiles()
  }

  /// Refuses what cannot be compressed while it is written.
  private func checkCompressing() throws(FormatError) {
    guard options.compression != nil else { return }
    for file in tensors.files {
      _ = try FrameAppender.frameCount(
        of: file.byteCount, frameByteCount: ZstdLimits.writtenFrameByteCount)
    }
    guard model.isPassing else { return }
    guard target.isGGUF, options.split == nil else {
      throw FormatError(
        .unsupported,
        "what is compressed is written in the order of the output, in which a stream does not bring "
          + "its tensors, but for a GGUF in one file: convert without compression and pack what "
          + "comes of it")
    }
    try checkOrder()
  }

  /// A stream brings tensors in its own order, and what is written front to back in another one cannot
  /// wait for them.
  private func checkOrder() throws(FormatError) {
    guard model.isPassing else { return }
    let starts = movesInSourceOrder.map(\.range.lowerBound)
    guard zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      let way =
        options.compression == nil
        ? "write to a file with -o" : "convert without compression and pack what comes of it"
      throw FormatError(
        .unsupported,
        "its tensors come in another order than that of the output, and what is written front to "
          + "back cannot wait for them: \(way)"
      ).located(file: model.path)
    }
  }
}
