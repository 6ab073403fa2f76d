import Synchronization

/// Writes content as a zstd file with a seek table: independent frames, one task for each at a time.
///
/// The bytes depend on the content, the level and libzstd's version, and not on the number of tasks.
struct SeekableWriter: Sendable {
  /// 1 to 22.
  var level = 3
  /// Frames that are compressed at once.
  var width = 2

  /// The content of a frame. Random weights have nothing to gain from a longer reach (256 KiB to
  /// 8 MiB differ by 3 %, and small is better), while who reads one byte decompresses a frame.
  var frameByteCount = 1 << 20

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
    let count = byteCount / size + (byteCount % size > 0 ? 1 : 0)
    guard count <= Limit.zstdFrames.standard else {
      throw Limit.exceededInWriting(
        "\(byteCount) bytes need \(count) frames of \(size)", Limit.zstdFrames.standard)
    }
    var table = SeekTable()
    let level = level
    let pool = BufferPool()
    try await runInOrder(count, width: width) { (index) throws(FormatError) in
      let range = index * size..<min(byteCount, (index + 1) * size)
      var buffers = pool.take()
      defer { pool.give(buffers) }
      try source.read(range, into: &buffers.content)
      let frame = try Zstd.compress(buffers.content, level: level, scratch: &buffers.packed)
      return (frame, range.count)
    } consume: { (frame: (bytes: [UInt8], content: Int)) throws(FormatError) in
      let offset = table.packedByteCount
      try file.write(frame.bytes, at: offset)
      file.startWriteback(at: offset, count: frame.bytes.count)
      // A frame ends with the very checksum that the table has for it.
      let checksum = frame.bytes.withBytes { $0.load($0.byteCount - 4, as: UInt32.self) }
      table.append(
        packed: UInt32(frame.bytes.count), content: UInt32(frame.content), checksum: checksum)
      progress(frame.content)
    }
    let end = table.packedByteCount
    let bytes = table.bytes
    try file.write(bytes, at: end)
    return end + bytes.count
  }
}

/// Buffers for tasks that come and go.
private final class BufferPool: Sendable {
  private let spare = Mutex<[FrameBuffers]>([])

  func take() -> FrameBuffers { spare.withLock { $0.popLast() } ?? FrameBuffers() }

  func give(_ buffers: FrameBuffers) { spare.withLock { $0.append(buffers) } }
}
