import Synchronization

/// Holds frames against the seek table whose content nobody has asked for.
extension SeekableSource {
  /// So many frames, from the first, and where they end.
  struct Placed {
    var count = 0
    var end = SeekTable.Place()
  }

  /// Makes sure that the content of a frame begins where the table says: all before it must have the
  /// sizes that the table gives them.
  func place(_ index: Int) throws(FormatError) {
    try placed.withLock { (placed) throws(FormatError) in
      var buffers = FrameBuffers()
      while placed.count < index {
        try check(table.frame(placed.count, at: placed.end), &buffers)
        placed.end = table.place(after: placed.count, at: placed.end)
        placed.count += 1
      }
    }
  }

  /// Does so with all frames. Who has read all of the content has not come by those at the end that
  /// have none, nor by what means nothing to him.
  func placeAll() throws(FormatError) {
    do throws(FormatError) {
      try place(table.count)
    } catch {
      throw error.located(file: name)
    }
  }

  /// Checks the frames behind the last content, which hardly any file has: nobody would ever read
  /// what they are not.
  func checkTrailing() throws(FormatError) {
    do throws(FormatError) {
      var buffers = FrameBuffers()
      let first = table.trailingIndex
      var start = table.start(of: first)
      for index in first..<table.count {
        try check(table.frame(index, at: start), &buffers)
        start = table.place(after: index, at: start)
      }
    } catch {
      throw error.located(file: name)
    }
  }

  /// Compares a frame with the table without its content. One that has none, or whose header does not
  /// say how much, is decompressed for that.
  private func check(
    _ frame: SeekTable.Frame, _ buffers: inout FrameBuffers
  ) throws(FormatError) {
    guard !frame.content.isEmpty else { return try checkEmpty(frame, &buffers) }
    let start = frame.packed.lowerBound
    let end = min(frame.packed.upperBound, start + ZstdFrameHeader.longestByteCount)
    let header = try ZstdFrameHeader(compressed.bytes(start..<end), at: start)
    if try Self.statedSize(header, of: frame) == nil { try decompress(frame, into: &buffers) }
  }

  /// Checks a frame without content: the header of a skippable one, which may be large, says all of it.
  private func checkEmpty(
    _ frame: SeekTable.Frame, _ buffers: inout FrameBuffers
  ) throws(FormatError) {
    let start = frame.packed.lowerBound
    // Nearly all are so small that they are read at once.
    let isRead = frame.packed.count <= Self.smallFrameByteCount
    let end = isRead ? frame.packed.upperBound : start + ZstdFrameHeader.longestByteCount
    try compressed.read(start..<end, into: &buffers.packed)
    let prefix = Array(buffers.packed.prefix(ZstdFrameHeader.longestByteCount))
    let header = try ZstdFrameHeader(prefix, at: start)
    let isSkippable = header.kind == .skippable(byteCount: frame.packed.count - 8)
    // With another checksum than that of nothing it is left to what says so.
    if isSkippable, frame.checksum ?? Self.checksumOfNothing == Self.checksumOfNothing { return }
    if isRead {
      try decompressRead(frame, into: &buffers)
    } else {
      try decompress(frame, into: &buffers)
    }
  }

  private static let smallFrameByteCount = 1 << 10
  private static let checksumOfNothing = UInt32(truncatingIfNeeded: XXHash64.hash([]))

  /// What the frame says of its content, which must be what the table says.
  static func statedSize(
    _ header: ZstdFrameHeader, of frame: SeekTable.Frame
  ) throws(FormatError) -> UInt64? {
    let size: UInt64?
    switch header.kind {
    case .skippable: size = 0
    case .content(let byteCount): size = byteCount
    }
    guard size == nil || size == UInt64(frame.content.count) else {
      throw FormatError(
        .malformed,
        "the seek table says that this frame holds \(frame.content.count) bytes, the frame says "
          + "\(size ?? 0)", at: frame.packed.lowerBound)
    }
    return size
  }
}
