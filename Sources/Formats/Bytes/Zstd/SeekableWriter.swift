/// Writes content as a zstd file with a seek table: independent frames, one task for each at a time.
///
/// The bytes depend on the content, the level and libzstd's version, and not on the number of tasks.
struct SeekableWriter: Sendable {
  /// 1 to 22.
  var level = 3
  /// Frames that are compressed at once.
  var width = 2

  /// The content of a frame.
  var frameByteCount = ZstdLimits.writtenFrameByteCount

  /// Compresses `byteCount` bytes of a source.
  ///
  /// - Parameters:
  ///   - source: Read by several tasks, each range once.
  ///   - byteCount: Its length.
  ///   - file: Empty; it grows.
  ///   - progress: Told how many bytes of the source have been written.
  /// - Returns: The number of bytes written.
  func write(
    _ source: any ByteSource, byteCount: Int, to file: any ByteSink,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws(FormatError) -> Int {
    let size = frameByteCount
    let count = try FrameAppender.frameCount(of: byteCount, frameByteCount: size)
    let frames = FrameSink(
      level: level, frameByteCount: size, FrameAppender(to: file))
    let output = SequentialOutput(frames, ranges: [0..<byteCount], byteCount: byteCount)
    try await runJobs(count, width: width, buffers: { [UInt8]() }) {
      (index, buffer) throws(FormatError) in
      let range = index * size..<min(byteCount, (index + 1) * size)
      try output.releasing { () throws(FormatError) in
        try source.read(range, into: &buffer)
        try output.write(buffer, at: range.lowerBound)
      }
      progress(range.count)
    }
    return try frames.finish()
  }
}
