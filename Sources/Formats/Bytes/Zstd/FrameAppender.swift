/// Writes compressed frames one after the other, and the seek table behind them.
struct FrameAppender {
  /// Takes the bytes that belong at an offset, in order.
  typealias Write = @Sendable (_ bytes: [UInt8], _ offset: Int) throws(FormatError) -> Void

  private var table = SeekTable()
  private let write: Write

  init(_ write: @escaping Write) { self.write = write }

  /// Frames written to a file, which grows.
  init(to file: OutputFile) {
    self.init { (bytes, offset) throws(FormatError) in
      try file.write(bytes, at: offset)
      file.startWriteback(at: offset, count: bytes.count)
    }
  }

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
    try write(frame, byteCount)
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
    try write(bytes, end)
    return end + bytes.count
  }
}
