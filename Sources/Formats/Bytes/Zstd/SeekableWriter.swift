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
    _ source: any ByteSource, byteCount: Int, to file: OutputFile,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws(FormatError) -> Int {
    let size = frameByteCount
    let count = try FrameAppender.frameCount(of: byteCount, frameByteCount: size)
    var appender = FrameAppender(to: file)
    let level = level
    let pool = FrameBufferPool()
    try await runInOrder(count, width: width) { (index) throws(FormatError) in
      let range = index * size..<min(byteCount, (index + 1) * size)
      var buffers = pool.take()
      defer { pool.give(buffers) }
      try source.read(range, into: &buffers.content)
      let frame = try Zstd.compress(buffers.content, level: level, scratch: &buffers.packed)
      return (frame, range.count)
    } consume: { (frame: (bytes: [UInt8], content: Int)) throws(FormatError) in
      try appender.append(frame.bytes, contentByteCount: frame.content)
      progress(frame.content)
    }
    return try appender.finish()
  }
}
