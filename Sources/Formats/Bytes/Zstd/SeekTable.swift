/// Where the frames of a zstd file are, and what they hold; Specs/zstd.md §3.
struct SeekTable: Sendable {
  /// One frame.
  struct Frame {
    /// Its bytes in the file.
    let packed: Range<Int>
    /// Its bytes of the content.
    let content: Range<Int>
    /// The low half of the XXH64 of its content, where the table says it.
    let checksum: UInt32?
  }

  /// Ends of the frames in the file and in the content, both with a 0 in front.
  private var packedEnds = [0]
  private var contentEnds = [0]
  private var checksums: [UInt32] = []

  static let magic: UInt32 = 0x8F92_EAB1
  static let frameMagic: UInt32 = 0x184D_2A5E
  static let footerByteCount = 9
  static let checksumFlag: UInt8 = 0x80
  /// Bits of the descriptor that must be zero.
  static let reservedFlags: UInt8 = 0x7C

  var count: Int { packedEnds.count - 1 }
  /// Bytes of the content.
  var byteCount: Int { contentEnds[count] }
  /// The most that a frame takes, compressed and decompressed together.
  var largestFrameByteCount: Int {
    (0..<count).reduce(0) { max($0, self[$1].packed.count + self[$1].content.count) }
  }
  /// Bytes of the frames in the file.
  var packedByteCount: Int { packedEnds[count] }

  subscript(index: Int) -> Frame {
    Frame(
      packed: packedEnds[index]..<packedEnds[index + 1],
      content: contentEnds[index]..<contentEnds[index + 1],
      checksum: checksums.isEmpty ? nil : checksums[index])
  }

  /// The frame that holds a byte of the content.
  func index(of offset: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if contentEnds[middle + 1] > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Whether every frame is small enough to be read as a whole.
  var hasSmallFrames: Bool {
    let limit = ZstdLimits.frameByteCount
    return (0..<count).allSatisfy {
      contentEnds[$0 + 1] - contentEnds[$0] <= limit && packedEnds[$0 + 1] - packedEnds[$0] <= limit
    }
  }

  /// Whether there are many frames, and so small ones that finding each takes longer than reading
  /// what lies before it.
  var isTooFine: Bool {
    count > ZstdLimits.fineFrameCount && byteCount / count < ZstdLimits.fineFrameByteCount
  }

  /// Adds a frame. Sizes are of 32 bits and frames are counted, so that sums cannot overflow.
  mutating func append(packed: UInt32, content: UInt32, checksum: UInt32?) {
    let (packedEnd, contentEnd) = (packedByteCount + Int(packed), byteCount + Int(content))
    packedEnds.append(packedEnd)
    contentEnds.append(contentEnd)
    if let checksum { checksums.append(checksum) }
  }

  /// The table as it stands at the end of a file.
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.frameMagic)
    let entryByteCount = checksums.isEmpty ? 8 : 12
    writer.append(UInt32(count * entryByteCount + Self.footerByteCount))
    for index in 0..<count {
      let frame = self[index]
      writer.append(UInt32(frame.packed.count))
      writer.append(UInt32(frame.content.count))
      if let checksum = frame.checksum { writer.append(checksum) }
    }
    writer.append(UInt32(count))
    writer.append(checksums.isEmpty ? 0 : Self.checksumFlag)
    writer.append(Self.magic)
    return writer.bytes
  }
}
