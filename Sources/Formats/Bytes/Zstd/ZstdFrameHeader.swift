/// The header of a zstd frame, or of a skippable one; RFC 8878 §3.1.
///
/// Read here, although libzstd does so too, because what is refused should be told apart before
/// anything is decompressed.
struct ZstdFrameHeader {
  /// What follows the header.
  enum Kind: Equatable {
    /// Compressed content; its size, where the header states it.
    case content(byteCount: UInt64?)
    /// So many bytes that mean nothing to a decompressor.
    case skippable(byteCount: Int)
  }

  let kind: Kind
  /// How many bytes the frame's content checksum takes at its end: 4 or 0.
  let checksumByteCount: Int
  /// How many bytes of the content have to be at hand while more of it is decompressed.
  let windowByteCount: Int

  /// The most bytes that a header has.
  static let longestByteCount = 18
  /// The first bytes of a frame, as an integer.
  private static let magic: UInt32 = 0xFD2F_B528
  private static let skippableMagics: ClosedRange<UInt32> = 0x184D_2A50...0x184D_2A5F

  /// Whether a file that begins with these bytes is a zstd file.
  static func begins(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    let number = bytes.withBytes { $0.load(0, as: UInt32.self) }
    return number == magic || skippableMagics.contains(number)
  }

  /// - Parameters:
  ///   - bytes: The frame's first bytes: 18, unless the file ends before.
  ///   - offset: Where in the file they stand.
  /// - Throws: `malformed` for anything that is no frame, `truncated`, `limit` for a window beyond
  ///   ``ZstdLimits/windowByteCount``, `unsupported` for a dictionary.
  init(_ bytes: [UInt8], at offset: Int) throws(FormatError) {
    guard Self.begins(bytes) else {
      throw FormatError(.malformed, "needed a zstd frame, found something else", at: offset)
    }
    var fields = Fields(bytes: bytes, position: 4, offset: offset)
    guard bytes.withBytes({ $0.load(0, as: UInt32.self) }) == Self.magic else {
      checksumByteCount = 0
      windowByteCount = 0
      kind = .skippable(byteCount: Int(try fields.next(4)))
      return
    }
    let descriptor = try fields.next(1)
    guard descriptor & 0x08 == 0 else {
      throw FormatError(.malformed, "a reserved bit of the zstd frame is set", at: offset + 4)
    }
    let isWhole = descriptor & 0x20 != 0
    let window = isWhole ? nil : Self.window(try fields.next(1))
    let dictionary = try fields.next([0, 1, 2, 4][Int(descriptor & 3)])
    let sizeByteCount = [isWhole ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
    let size = try fields.next(sizeByteCount) &+ (sizeByteCount == 2 ? 256 : 0)
    guard dictionary == 0 else {
      throw FormatError(
        .unsupported, "the zstd frame needs dictionary \(dictionary), and there are none here",
        at: offset)
    }
    guard (window ?? size) <= UInt64(ZstdLimits.windowByteCount) else {
      throw FormatError(
        .limit,
        "the zstd frame asks for a window of \(window ?? size) bytes, the limit is "
          + "\(ZstdLimits.windowByteCount); 'zstd -d --long=31' decompresses it", at: offset)
    }
    let held = sizeByteCount == 0 ? window ?? 0 : min(window ?? size, size)
    windowByteCount = Int(held)
    kind = .content(byteCount: sizeByteCount == 0 ? nil : size)
    checksumByteCount = descriptor & 0x04 == 0 ? 0 : 4
  }

  /// Five bits of exponent, three of mantissa; at most 2⁴² bytes.
  private static func window(_ descriptor: UInt64) -> UInt64 {
    let base: UInt64 = 1 << (10 + (descriptor >> 3))
    return base + base / 8 * (descriptor & 7)
  }

  /// Little-endian fields, one after the other.
  private struct Fields {
    let bytes: [UInt8]
    var position: Int
    let offset: Int

    mutating func next(_ count: Int) throws(FormatError) -> UInt64 {
      guard bytes.count - position >= count else {
        throw FormatError(.truncated, "the file ends within the header of a zstd frame", at: offset)
      }
      defer { position += count }
      return bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
