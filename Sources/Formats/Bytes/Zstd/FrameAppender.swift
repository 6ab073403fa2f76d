/// Writes compressed frames one after the other, and the seek table behind them.
struct FrameAppender {
  private var table = SeekTable()
  private let sink: any ByteSink

  /// - Parameter sink: Takes the frames in order; a file grows.
  init(to sink: any ByteSink) { self.sink = sink }

  /// The bytes of the frames so far.
  var byteCount: Int { table.packedByteCount }

  /// How many frames content is cut into.
  ///
  /// - Throws: `limit` for more than a seek table may list.
  static func frameCount(of byteCount: Int, frameByteCount size: Int) throws(FormatError) -> Int {
    let count = byteCount / size + (byteCount % size > 0 ? 1 : 0)
    guard count <= Limit.zstdFrames.standard else {
      throw Limit.exceededInWriting(
        "\(byteCount) bytes need \(count) frames of \(size)", Limit.zstdFrames.standard)
    }
    return count
  }

  /// Writes the next frame.
  mutating func append(_ frame: [UInt8], contentByteCount: Int) throws(FormatError) {
    try sink.write(frame, at: byteCount)
    // A frame ends with the very checksum that the table has for it.
    let checksum = frame.withBytes { $0.load($0.byteCount - 4, as: UInt32.self) }
    table.append(
      packed: UInt32(frame.count), content: UInt32(contentByteCount), checksum: checksum)
  }

  /// Writes the table.
  ///
  /// - Returns: The number of bytes written, all together.
  func finish() throws(FormatError) -> Int {
    let (end, bytes) = (byteCount, table.bytes)
    try sink.write(bytes, at: end)
    return end + bytes.count
  }
}
