import Testing

@testable import Formats

@Suite struct SeekableTests {
  /// Neither random nor all the same, so that every frame has several kinds of blocks.
  private static let content: [UInt8] = (0..<2500).map {
    UInt8(truncatingIfNeeded: $0 < 1200 ? $0 / 9 : ($0 &* $0) >> 3)
  }

  private static func packed() async throws -> [UInt8] {
    try await Packed.written(content, frameByteCount: 600)
  }

  static func open(_ bytes: [UInt8]) throws(FormatError) -> any ByteSource {
    try decompressed(MemorySource(bytes, name: "m.zst"))
  }

  @Test func anyRangeIsRead() async throws {
    let source = try #require(try Self.open(await Self.packed()) as? SeekableSource)
    #expect(source.table.count == 5)
    #expect(source.byteCount == 2500 && source.access == .framed)
    for range in [2400..<2500, 0..<2500, 599..<601, 600..<1200, 7..<7, 1201..<1205] {
      #expect(try source.bytes(range) == Array(Self.content[range]), "\(range)")
    }
    #expect(throws: FormatError.self) { try source.bytes(2499..<2501) }
  }

  @Test func plainReadersReadItToo() async throws {
    let same = try ZstdSource(MemorySource(await Self.packed())).everything() == Self.content
    #expect(same)
  }

  /// So many frames of next to nothing are no help.
  @Test func aTableThatIsTooFine() throws {
    let frame = Packed.plain([7])
    for (count, isUsed) in [(4096, true), (4097, false)] {
      let packed = Packed.seekable(
        Array(repeating: frame, count: count), contents: Array(repeating: 1, count: count))
      let source = try Self.open(packed)
      #expect((source is SeekableSource) == isUsed)
      #expect(try source.bytes(0..<count).allSatisfy { $0 == 7 })
    }
  }

  @Test func nothingIsAFileToo() async throws {
    let packed = try await Packed.written([])
    #expect(packed.count == 17)
    #expect(try Self.open(packed).everything() == [])
  }

  @Test(arguments: [1, 3, 19]) func bytesDoNotDependOnTheNumberOfTasks(level: Int) async throws {
    let bytes = try Fixture.bytes("micro/awq/model.safetensors")
    let one = try await Packed.written(bytes, frameByteCount: 10_000, level: level, width: 1)
    for width in [2, 7] {
      let other = try await Packed.written(
        bytes, frameByteCount: 10_000, level: level, width: width)
      #expect(one == other, "\(width)")
    }
    let same = try Self.open(one).everything() == bytes
    #expect(same)
  }

  @Test func manyTasksReadAtOnce() async throws {
    let bytes = try Fixture.bytes("micro/f16.gguf")
    let source = try Self.open(await Packed.written(bytes, frameByteCount: 50_000))
    try await runJobs(400, width: 8, buffers: { () }) { (job, _) throws(FormatError) in
      let start = job * 7919 % (bytes.count - 60_000)
      guard try source.bytes(start..<start + 60_000) == Array(bytes[start..<start + 60_000]) else {
        throw FormatError(.proofFailed, "job \(job)")
      }
    }
  }

  /// Frames as the seekable format's own reference writer makes them.
  @Test func framesThatDoNotStateTheirSizes() throws {
    let pieces = [Self.content[..<1000], Self.content[1000..<1001], Self.content[1001...]]
      .map(Array.init)
    let checksums = pieces.map { UInt32?(UInt32(truncatingIfNeeded: XXHash64.hash($0))) }
    for frames in [pieces.map(Packed.silent), pieces.map(Packed.plain)] {
      for sums in [nil, checksums] {
        let file = Packed.seekable(frames, contents: pieces.map(\.count), checksums: sums)
        #expect(try Self.open(file).bytes(1500..<2500) == Array(Self.content[1500...]))
        var wrong = checksums
        wrong[2]? ^= 1
        guard sums != nil else { continue }
        let bad = try Self.open(
          Packed.seekable(frames, contents: pieces.map(\.count), checksums: wrong))
        #expect(try bad.bytes(0..<1001) == Array(Self.content[..<1001]))
        let error = #expect(throws: FormatError.self) { try bad.bytes(1500..<1501) }
        #expect(error?.message.contains("checksum of the seek table") == true)
        #expect(error?.location.offset == frames[0].count + frames[1].count)
      }
    }
  }

  @Test func sizesThatAreShiftedAreNoticedBeforeTheyMatter() throws {
    let pieces = [Self.content[..<1000], Self.content[1000...]].map(Array.init)
    for frames in [pieces.map(Packed.silent), pieces.map(Packed.plain)] {
      let source = try Self.open(Packed.seekable(frames, contents: [999, 1501]))
      #expect(throws: FormatError.self) { try source.bytes(2000..<2001) }
      #expect(throws: FormatError.self) { try source.bytes(0..<1) }
    }
  }

  private static let nothings = [Packed.plain([]), Packed.silent([]), Packed.skippable([1, 2])]

  @Test(arguments: nothings) func framesThatHoldNothing(nothing: [UInt8]) throws {
    let pieces = [Self.content[..<1000], Self.content[1000...]].map(Array.init)
    let frames = [Packed.plain([]), Packed.plain(pieces[0]), nothing, Packed.plain(pieces[1])]
    let none = UInt32(truncatingIfNeeded: XXHash64.hash([]))
    let sums = pieces.map { UInt32(truncatingIfNeeded: XXHash64.hash($0)) }
    for checksums in [nil, [none, sums[0], none, sums[1], none, none]] {
      let file = Packed.seekable(
        frames + [nothing, nothing], contents: [0, 1000, 0, 1500, 0, 0], checksums: checksums)
      let source = try #require(try Self.open(file) as? SeekableSource)
      #expect(try source.bytes(0..<2500) == Self.content)
      try source.placeAll()
    }
    #expect(throws: FormatError.self) {
      try Self.open(
        Packed.seekable([frames[1], nothing], contents: [1000, 0], checksums: [sums[0], 1]))
    }
  }

  /// What no reader from front to back gets through, whoever reads it here.
  @Test(
    arguments: [
      [1, 2, 3, 4, 5], Packed.plain([]) + Packed.plain([9]), Packed.plain([7]), Packed.silent([7]),
    ])
  func entriesThatSayThatTheyHoldNothing(entry: [UInt8]) async throws {
    let folder = try TemporaryFolder()
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let pieces = [bytes[..<60_000], bytes[60_000...]].map { Packed.plain(Array($0)) }
    let last = try folder.write(
      "last.zst", Packed.seekable(pieces + [entry], contents: [60_000, bytes.count - 60_000, 0]))
    let opening = await failure { _ = try Model(opening: last) }
    #expect(opening?.code == .malformed && opening?.location.file == last)
    #expect(opening?.location.offset == pieces[0].count + pieces[1].count)
    let between = try folder.write(
      "between.zst",
      Packed.seekable([pieces[0], entry, pieces[1]], contents: [60_000, 0, bytes.count - 60_000]))
    let reading = await failure { _ = try await Model(opening: between).fingerprint() }
    #expect(reading?.code == .malformed && reading?.location.offset == pieces[0].count)
  }

  /// Frames that hold what nobody needs of the model.
  @Test func framesThatNobodyAsksFor() async throws {
    let folder = try TemporaryFolder()
    let header =
      #"{"model.norm.weight":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"#
      + #""empty":{"dtype":"F16","shape":[0],"data_offsets":[4,4]}}"#
    let bytes = safetensors(header, dataByteCount: 4)
    let frames = [Packed.plain(bytes), Packed.plain([])]
    let path = try folder.write(
      "m.zst", Packed.seekable(frames + [[9, 9, 9]], contents: [bytes.count, 0, 7]))
    let source = try #require(
      try decompressed(FileSource(path: path)) as? SeekableSource)
    #expect(try source.bytes(0..<bytes.count) == bytes)
    #expect(throws: FormatError.self) { try source.placeAll() }
  }

  @Test func largeFramesAreReadFrontToBack() throws {
    let zeros = [UInt8](repeating: 0, count: ZstdLimits.frameByteCount + 1)
    let frames = [Packed.plain(zeros), Packed.plain([1, 2, 3])]
    let source = try Self.open(Packed.seekable(frames, contents: [zeros.count, 3]))
    #expect(source.access == .forward)
    #expect(try source.bytes(zeros.count..<zeros.count + 3) == [1, 2, 3])
  }
}

@Suite struct SeekTableRefusalTests {
  private static let frames = [Packed.plain([1, 2, 3]), Packed.plain([4, 5])]
  private static let file = Packed.seekable(frames, contents: [3, 2])

  private func expect(
    _ code: FormatError.Code, _ text: String, at place: Int, _ change: (inout [UInt8]) -> Void
  ) throws {
    var bytes = Self.file
    change(&bytes)
    let error = #expect(throws: FormatError.self) {
      _ = try decompressed(MemorySource(bytes)).everything()
    }
    #expect(error?.code == code && error?.message.contains(text) == true, "\(error as Any)")
    #expect(error?.location.offset == place)
  }

  @Test func messages() throws {
    let (end, start) = (Self.file.count, Self.file.count - 33)
    try expect(.malformed, "a reserved bit", at: end - 5) { $0[end - 5] = 4 }
    try expect(.malformed, "of 16777218 frames has 134217761 bytes", at: end - 9) {
      $0[end - 6] = 1
    }
    try expect(.malformed, "of 258 frames has 2081 bytes", at: end - 9) { $0[end - 8] = 1 }
    try expect(.malformed, "should begin here", at: start + 8) { $0[end - 9] = 1 }
    try expect(.malformed, "states 24 bytes, its entries need 25", at: start + 4) {
      $0[start + 4] -= 1
    }
    try expect(.malformed, "lists frames of \(start + 1) bytes", at: start) { $0[start + 8] += 1 }
    try expect(.malformed, "holds 4 bytes, the frame says 3", at: 0) { $0[start + 12] += 1 }
    try expect(.malformed, "needed a zstd frame", at: Self.frames[0].count) {
      $0[Self.frames[0].count] = 0
    }
    try expect(.malformed, "the frame ends after 12 of the 13 bytes", at: 0) {
      $0[start + 8] += 1
      $0[start + 16] -= 1
    }
  }

  @Test func frameSizesThatAreNotTheFrames() throws {
    // The second entry ends one byte early, and an empty third one takes that byte.
    var table = SeekTable(hasChecksums: false)
    for (packed, content) in [(12, 3), (10, 2), (1, 0)] {
      table.append(packed: UInt32(packed), content: UInt32(content), checksum: 0)
    }
    #expect(Self.frames.map(\.count) == [12, 11])
    #expect(throws: FormatError.self) {
      try decompressed(MemorySource(Self.frames.flatMap { $0 } + table.bytes))
    }
  }

  /// Whatever bit is wrong, whichever frame is read first: the right bytes, or an error.
  @Test func everyBit() async throws {
    let content = (0..<150).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let file = try await Packed.written(content, frameByteCount: 50)
    var refused = 0
    for bit in 0..<file.count * 8 {
      var bytes = file
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      // The first four bytes are what makes it a zstd file at all.
      guard let source = try? decompressed(MemorySource(bytes)), source.access != .direct else {
        refused += 1
        continue
      }
      for range in [100..<150, 50..<100, 0..<50] {
        guard let found = try? source.bytes(range) else {
          refused += 1
          break
        }
        let same = found == Array(content[range])
        #expect(same, "bit \(bit)")
      }
    }
    // What does not matter: unused bits, and a footer that no longer is one.
    #expect(refused > file.count * 8 * 9 / 10 - 100)
  }

  @Test func everyCut() async throws {
    let content = (0..<150).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let file = try await Packed.written(content, frameByteCount: 50)
    let table = try #require(try SeekTable(of: MemorySource(file)))
    // Cut between frames, it is a shorter file, and right as such.
    let ends = (0..<3).map { table[$0].packed.upperBound }
    for count in 4..<file.count where !ends.contains(count) {
      #expect(throws: FormatError.self, "\(count)") {
        _ = try decompressed(MemorySource(Array(file.prefix(count)))).everything()
      }
    }
    for (index, end) in ends.enumerated() {
      let found = try decompressed(MemorySource(Array(file.prefix(end)))).everything()
      #expect(found == Array(content[..<(50 * (index + 1))]))
    }
  }
}
