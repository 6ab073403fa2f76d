extension SeekTable {
  /// Reads the table at the end of a file.
  ///
  /// What it says is compared with the file's length here, and with each frame when that is read.
  ///
  /// - Returns: `nil` where there is none.
  /// - Throws: `malformed` and `limit`, for a table that cannot be right; `io`.
  init?(of source: any ByteSource, limits: Limits = .standard) throws(FormatError) {
    guard let end = source.byteCount, end >= 8 + Self.footerByteCount else { return nil }
    let footer = try source.bytes(end - Self.footerByteCount..<end)
    let (count, flags, magic) = footer.withBytes {
      ($0.load(0, as: UInt32.self), $0.byte(at: 4), $0.load(5, as: UInt32.self))
    }
    guard magic == Self.magic else { return nil }
    let hasChecksums = flags & Self.checksumFlag != 0
    self = try locating(file: source.name) { () throws(FormatError) in
      let start = try Self.start(
        Int(count), flags, Self.entryByteCount(hasChecksums: hasChecksums), end, limits)
      try Self.checkFrame(source.bytes(start..<start + 8), at: start, byteCount: end - start - 8)
      let table = SeekTable(
        entries: try source.bytes(start + 8..<end - Self.footerByteCount),
        hasChecksums: hasChecksums)
      guard table.packedByteCount == start else {
        throw FormatError(
          .malformed,
          "the seek table lists frames of \(table.packedByteCount) bytes, the file has \(start) "
            + "before it", at: start)
      }
      return table
    }
  }

  /// Where the table begins.
  private static func start(
    _ count: Int, _ flags: UInt8, _ entryByteCount: Int, _ end: Int, _ limits: Limits
  ) throws(FormatError) -> Int {
    guard flags & reservedFlags == 0 else {
      throw FormatError(.malformed, "a reserved bit of the seek table is set", at: end - 5)
    }
    // The count has 32 bits: this cannot overflow.
    let byteCount = 8 + count * entryByteCount + footerByteCount
    guard byteCount <= end else {
      throw FormatError(
        .malformed,
        "a seek table of \(count) frames has \(byteCount) bytes, the file has \(end)",
        at: end - footerByteCount)
    }
    guard count <= limits[.zstdFrames] else {
      throw limits.exceeded(
        "the seek table lists \(count) frames", .zstdFrames, at: end - footerByteCount)
    }
    return end - byteCount
  }

  private static func checkFrame(
    _ bytes: [UInt8], at start: Int, byteCount: Int
  ) throws(FormatError) {
    let (magic, found) = bytes.withBytes {
      ($0.load(0, as: UInt32.self), $0.load(4, as: UInt32.self))
    }
    guard magic == frameMagic else {
      throw FormatError(
        .malformed, "the seek table should begin here as a skippable frame, found something else",
        at: start)
    }
    guard found == byteCount else {
      throw FormatError(
        .malformed, "the seek table's frame states \(found) bytes, its entries need \(byteCount)",
        at: start + 4)
    }
  }
}
