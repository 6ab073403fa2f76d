/// Where the frames of a zstd file are, and what they hold; Specs/zstd.md §3.
///
/// There can be millions: their entries are kept as they stand in the file, and where every so many of
/// them begin.
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

  /// A place in the file, and in the content.
  struct Place {
    var packed = 0
    var content = 0
  }

  private var entries: [UInt8] = []
  private let hasChecksums: Bool
  private let entryByteCount: Int
  /// How many frames there are.
  private(set) var count = 0
  /// Where every 64th frame begins.
  private var marks: [Place] = []
  private var end = Place()

  static let magic: UInt32 = 0x8F92_EAB1
  static let frameMagic: UInt32 = 0x184D_2A5E
  static let footerByteCount = 9
  static let checksumFlag: UInt8 = 0x80
  /// Bits of the descriptor that must be zero.
  static let reservedFlags: UInt8 = 0x7C
  private static let markDistance = 64

  /// A table without frames.
  init(hasChecksums: Bool = true) {
    self.hasChecksums = hasChecksums
    entryByteCount = Self.entryByteCount(hasChecksums: hasChecksums)
  }

  /// A table of entries as they stand in a file. Sizes are of 32 bits and frames are counted, so that
  /// sums cannot overflow.
  init(entries: [UInt8], hasChecksums: Bool) {
    self.init(hasChecksums: hasChecksums)
    self.entries = entries
    marks.reserveCapacity(entries.count / entryByteCount / Self.markDistance + 1)
    while (count + 1) * entryByteCount <= entries.count { countFrame() }
  }

  static func entryByteCount(hasChecksums: Bool) -> Int { hasChecksums ? 12 : 8 }

  /// Bytes of the content.
  var byteCount: Int { end.content }
  /// Bytes of the frames in the file.
  var packedByteCount: Int { end.packed }
  /// What the table takes in memory.
  var heldByteCount: Int { Self.heldByteCount(frames: count) }

  /// What a table of so many frames takes in memory at the most.
  static func heldByteCount(frames count: Int) -> Int {
    count * entryByteCount(hasChecksums: true) + (count / markDistance + 1) * 16
  }

  subscript(index: Int) -> Frame { frame(index, at: start(of: index)) }

  /// Where a frame begins.
  func start(of index: Int) -> Place {
    let mark = index / Self.markDistance
    guard index < count else { return end }
    return (mark * Self.markDistance..<index).reduce(marks[mark]) { place(after: $1, at: $0) }
  }

  /// The frame that begins at a place.
  func frame(_ index: Int, at start: Place) -> Frame {
    let end = place(after: index, at: start)
    return Frame(
      packed: start.packed..<end.packed, content: start.content..<end.content,
      checksum: hasChecksums ? word(2, of: index) : nil)
  }

  /// The frame that holds a byte of the content.
  func index(of offset: Int) -> Int {
    let mark = max(marks.partitionPoint { $0.content > offset } - 1, 0)
    var index = mark * Self.markDistance
    guard index < count else { return count }
    var start = marks[mark]
    while index < count {
      let end = place(after: index, at: start)
      if end.content > offset { return index }
      start = end
      index += 1
    }
    return count
  }

  /// Adds a frame; its checksum counts where the table has them.
  mutating func append(packed: UInt32, content: UInt32, checksum: UInt32) {
    for word in [packed, content, checksum].prefix(entryByteCount / 4) {
      for shift in [0, 8, 16, 24] as [UInt32] {
        entries.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    countFrame()
  }

  /// The table as it stands at the end of a file.
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.frameMagic)
    writer.append(UInt32(entries.count + Self.footerByteCount))
    writer.append(entries)
    writer.append(UInt32(count))
    writer.append(hasChecksums && count > 0 ? Self.checksumFlag : 0)
    writer.append(Self.magic)
    return writer.bytes
  }

  private mutating func countFrame() {
    if count.isMultiple(of: Self.markDistance) { marks.append(end) }
    end = place(after: count, at: end)
    count += 1
  }

  func place(after index: Int, at start: Place) -> Place {
    Place(
      packed: start.packed + Int(word(0, of: index)),
      content: start.content + Int(word(1, of: index)))
  }

  private func word(_ number: Int, of index: Int) -> UInt32 {
    entries.withBytes { $0.load(index * entryByteCount + 4 * number, as: UInt32.self) }
  }
}

extension SeekTable {
  /// The most that a frame takes, compressed and decompressed together.
  var largestFrameByteCount: Int {
    (0..<count).reduce(0) { max($0, Int(word(0, of: $1)) + Int(word(1, of: $1))) }
  }

  /// The first of the frames behind the last one that has any content.
  var trailingIndex: Int {
    var index = count
    while index > 0, word(1, of: index - 1) == 0 { index -= 1 }
    return index
  }

  /// Whether every frame is small enough to be read as a whole.
  var hasSmallFrames: Bool {
    let limit = UInt32(ZstdLimits.frameByteCount)
    return (0..<count).allSatisfy { word(0, of: $0) <= limit && word(1, of: $0) <= limit }
  }

  /// Whether there are many frames, and so small ones that finding each takes longer than reading
  /// what lies before it.
  var isTooFine: Bool {
    count > ZstdLimits.fineFrameCount && byteCount / count < ZstdLimits.fineFrameByteCount
  }
}
