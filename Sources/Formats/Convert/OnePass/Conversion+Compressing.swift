extension Conversion {
  /// Refuses what cannot be compressed while it is written.
  func checkCompressing() throws(FormatError) {
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

  /// Writes all files with tensors compressed.
  ///
  /// - Returns: The files, and for a stream the digests of what came.
  func writeCompressed(
    _ output: OutputTransaction, _ run: TileRun, level: Int,
    _ progress: @escaping @Sendable (Int) -> Void
  ) async throws(FormatError) -> (files: [OutputFile], digests: TensorDigests?) {
    let needsDigests = model.isPassing && options.verifies
    let digests = needsDigests ? try TensorDigests(parts(ofFile: 0).map(\.move)) : nil
    var files: [OutputFile] = []
    for (number, file) in tensors.files.enumerated() {
      let handle = try output.create(name(of: file, in: output.path), byteCount: 0)
      try await writeCompressed(
        file: number, to: handle, run, level: level, digests, progress: progress)
      files.append(handle)
    }
    return (files, digests)
  }

  /// Writes a file compressed, front to back; nothing stands on the disk in between.
  func writeCompressed(
    file number: Int, to handle: OutputFile, _ run: TileRun, level: Int,
    _ digests: TensorDigests? = nil, progress: @escaping @Sendable (Int) -> Void
  ) async throws(FormatError) {
    let frames = FrameSink(level: level, FrameAppender(to: handle))
    let output = sequentialOutput(ofFile: number, to: frames)
    try await writeInOrder(file: number, to: output, run, digests, progress: progress)
    _ = try frames.finish()
  }

  /// The name of a file in the output of that path.
  func name(of file: TensorFiles.File, in path: String) -> String {
    file.name.text(in: path, isCompressed: options.compression != nil)
  }
}
