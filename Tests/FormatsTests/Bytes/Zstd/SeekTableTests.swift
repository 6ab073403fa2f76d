import Testing

@testable import Formats

@Suite("Seek tables of many frames")
struct SeekTableTests {
  /// Frames of all kinds of sizes, also without any content, many of them in a row.
  private static let sizes: [(packed: UInt32, content: UInt32)] = (0..<1000).map { index in
    let content = index % 200 < 90 ? 0 : index * 13 % 57
    return (UInt32(9 + index * 7 % 31), UInt32(content))
  }

  private func table(hasChecksums: Bool) -> SeekTable {
    var table = SeekTable(hasChecksums: hasChecksums)
    for (index, size) in Self.sizes.enumerated() {
      table.append(packed: size.packed, content: size.content, checksum: UInt32(index) &* 77)
    }
    return table
  }

  @Test(arguments: [true, false]) func framesLieOneBehindTheOther(hasChecksums: Bool) throws {
    let made = table(hasChecksums: hasChecksums)
    let file = [UInt8](repeating: 0, count: made.packedByteCount) + made.bytes
    let read = try #require(try SeekTable(of: MemorySource(file)))
    for table in [made, read] {
      var (packed, content) = (0, 0)
      for (index, size) in Self.sizes.enumerated() {
        let frame = table[index]
        #expect(frame.packed == packed..<packed + Int(size.packed))
        #expect(frame.content == content..<content + Int(size.content))
        #expect(frame.checksum == (hasChecksums ? UInt32(index) &* 77 : nil))
        (packed, content) = (frame.packed.upperBound, frame.content.upperBound)
      }
      #expect(table.count == 1000)
      #expect(table.packedByteCount == packed && table.byteCount == content)
      #expect(table.bytes == made.bytes)
    }
  }

  @Test func everyByteIsFound() {
    let table = table(hasChecksums: true)
    for offset in 0..<table.byteCount {
      let frame = table[table.index(of: offset)].content
      #expect(frame.contains(offset))
    }
    #expect(table.index(of: table.byteCount) == 1000)
    #expect(SeekTable().index(of: 0) == 0)
  }

  /// As many as are read: 12 bytes each, and not much more.
  @Test func theyAreSmall() {
    let count = Limit.zstdFrames.standard
    #expect(SeekTable.heldByteCount(frames: count) < 25 << 20)
    #expect(table(hasChecksums: true).heldByteCount == SeekTable.heldByteCount(frames: 1000))
  }

  @Test func theyCountAsMemory() async throws {
    let folder = try TemporaryFolder()
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let packed = try await Packed.written(bytes, frameByteCount: 10_000)
    let table = try #require(try SeekTable(of: MemorySource(packed)))
    let frames = Array(packed[..<table.packedByteCount])
    // Frames that add nothing but their places.
    let more = 3000
    let empty = Packed.plain([])
    var longer = table
    for _ in 0..<more {
      longer.append(packed: UInt32(empty.count), content: 0, checksum: 0x51D8_E999)
    }
    let long = frames + Array(repeatElement(empty, count: more).joined()) + longer.bytes
    let bounds = try [packed, long].enumerated().map { number, bytes in
      let path = try folder.write("\(number).zst", bytes)
      let model = try Model(opening: path)
      #expect(model.files[0].source is SeekableSource)
      return [
        try MemoryBound(fingerprinting: model, RunSize(width: 1)).byteCount,
        try MemoryBound(of: Conversion(of: model, to: .awq), RunSize(width: 1)).byteCount,
        try Packing(path, .unpack).memoryBound(RunSize(width: 1)).byteCount,
      ]
    }
    let growth =
      SeekTable.heldByteCount(frames: table.count + more)
      - SeekTable.heldByteCount(frames: table.count)
    #expect(zip(bounds[0], bounds[1]).map { $1 - $0 } == [growth, growth, growth])
  }
}
