import Testing

@testable import Formats

@Suite struct ZstdSourceTests {
  @Test func readsForwardsAndBackwards() throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let source = try ZstdSource(MemorySource(Packed.plain(bytes)))
    for range in [0..<100, 50_000..<50_010, 10..<20, 0..<bytes.count] {
      let same = try source.bytes(range) == Array(bytes[range])
      #expect(same, "\(range)")
    }
    #expect(source.access == .forward && source.byteCount == nil)
  }

  @Test(arguments: ["one", "long", "threads", "unchecked", "parallel", "pieces"])
  func readsWhatTheToolsWrite(_ name: String) throws {
    let source = try decompressed(MemorySource(Fixture.bytes("zstd/\(name).zst")))
    #expect(source is ZstdSource)
    let same = try source.everything() == Fixture.bytes("micro/awq/tokenizer.json")
    #expect(same)
  }

  @Test func framesInARowAreOneStream() throws {
    let packed =
      Packed.skippable([]) + Packed.plain([1, 2, 3]) + Packed.plain([])
      + Packed.skippable([9, 9]) + Packed.silent([4, 5]) + Packed.skippable([1])
    let source = try ZstdSource(MemorySource(packed))
    #expect(try source.bytes(0..<5) == [1, 2, 3, 4, 5])
    #expect(throws: FormatError.self) { try source.bytes(0..<6) }
  }

  @Test func aStepBackBeyondTheHeadersReachSaysTheWayOut() throws {
    // One byte repeated: a gigabyte would do, but half of one is the limit.
    let piece = Packed.plain([UInt8](repeating: 7, count: 1 << 24))
    let packed = [[UInt8]](repeating: piece, count: 34).flatMap { $0 }
    let source = try ZstdSource(MemorySource(packed))
    let end = ZstdLimits.rewindByteCount + 1
    #expect(try source.bytes(end..<end + 1) == [7])
    let back = end - ZstdLimits.lookBackByteCount + 1
    #expect(try source.bytes(back..<back + 1) == [7])
    let said = message { () throws(FormatError) in _ = try source.bytes(5..<6) }
    #expect(said?.contains("byte 5 of its content has gone by") == true, "\(said ?? "")")
    #expect(said?.contains("bonsai-fmt unpack") == true)
    // It is still good for what lies ahead.
    #expect(try source.bytes(end + 9..<end + 10) == [7])
  }

  @Test func piecesOutOfTurnAreServed() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 700) }
    let source = try ZstdSource(MemorySource(Packed.plain(bytes)))
    for start in stride(from: 0, to: bytes.count, by: 20_000) {
      for half in [10_000, 0] {
        let range = start + half..<start + half + 10_000
        let same = try source.bytes(range) == Array(bytes[range])
        #expect(same)
      }
    }
  }

  @Test func aHeaderIsReadFromACompressedFile() throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let plain = try GGUFFile(MemorySource(bytes))
    let packed = try GGUFFile(ZstdSource(MemorySource(Packed.plain(bytes))))
    #expect(plain.tensors.dropLast() == packed.tensors.dropLast())
    let tokens = try packed.metadata.array("tokenizer.ggml.tokens")?.strings()
    #expect(tokens == (try plain.metadata.array("tokenizer.ggml.tokens")?.strings()))
  }

  @Test func everyCutIsNoticed() throws {
    let content = Array(repeating: UInt8(7), count: 1000) + Array(0...255)
    let packed = Packed.skippable([1, 2, 3]) + Packed.silent(content) + Packed.skippable([1, 2])
    let whole = try ZstdSource(MemorySource(packed)).everything() == content
    #expect(whole)
    let ends = [11, packed.count - 10]
    for count in 1..<packed.count where !ends.contains(count) {
      let source = try ZstdSource(MemorySource(Array(packed.prefix(count))))
      #expect(throws: FormatError.self, "\(count)") { try source.everything() }
    }
  }
}

@Suite struct ZstdRefusalTests {
  private func refusal(_ bytes: [UInt8]) throws -> FormatError? {
    let source = try ZstdSource(MemorySource(bytes, name: "m.zst"))
    return #expect(throws: FormatError.self) { try source.everything() }
  }

  /// A frame's header: descriptor, and what follows it.
  private static func header(_ descriptor: UInt8, _ rest: [UInt8]) -> [UInt8] {
    [0x28, 0xB5, 0x2F, 0xFD, descriptor] + rest
  }

  @Test func windows() throws {
    // 2²⁷ and an eighth; the exponent counts from 2¹⁰.
    let error = try refusal(Self.header(0, [17 << 3 | 1, 1, 0, 0]))
    #expect(error?.code == .limit && error?.location.offset == 0)
    #expect(error?.message.contains("a window of 150994944 bytes, the limit is 134217728") == true)
    let whole = try refusal(Self.header(0xA0, [1, 0, 0, 8, 1, 0, 0]))
    #expect(whole?.message.contains("a window of 134217729 bytes") == true)
    let largest = try refusal(Self.header(0, [0xFF, 1, 0, 0]))
    #expect(largest?.code == .limit)
    // An empty raw block after a window of just the limit.
    let most = try ZstdSource(MemorySource(Self.header(0, [17 << 3, 1, 0, 0])))
    #expect(try most.everything() == [])
  }

  @Test func dictionaries() throws {
    let error = try refusal(Self.header(0x01, [0, 42, 1, 0, 0]))
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("needs dictionary 42") == true)
  }

  @Test func garbage() throws {
    for rest: [UInt8] in [[9, 9, 9, 9, 9], [0x28], [0x28, 0xB5, 0x2F, 0xFC, 0, 0]] {
      let frame = Packed.plain([1, 2, 3])
      let error = try refusal(frame + rest)
      #expect(error?.code == .malformed && error?.location.offset == frame.count)
      #expect(error?.message == "needed a zstd frame, found something else")
      #expect(error?.location.file == "m.zst")
    }
  }

  @Test func checksums() throws {
    var bytes = Packed.silent(Array(0...200))
    bytes[bytes.count - 1] ^= 1
    let error = try refusal(bytes)
    #expect(error?.message == "the zstd frame's content does not have its checksum")
  }

  @Test func cuts() throws {
    let bytes = Packed.silent(Array(0...200))
    #expect(try refusal(bytes.dropLast())?.message == "the file ends within a zstd frame")
    let header = try refusal(Array(bytes.prefix(5)))
    #expect(header?.message == "the file ends within the header of a zstd frame")
    let skippable = try refusal(Packed.skippable([1, 2, 3]).dropLast())
    #expect(skippable?.message == "the file ends within a skippable frame of zstd")
    #expect(skippable?.code == .truncated)
  }

  @Test func reservedBits() throws {
    let error = try refusal(Self.header(0x08, [0, 1, 0, 0]))
    #expect(error?.message.contains("reserved bit") == true)
  }
}

@Suite struct XXHash64Tests {
  /// What zstd puts behind its frames is another implementation's opinion.
  @Test func agreesWithTheChecksumsOfFrames() {
    for count in Array(0...100) + [1000, 4097] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 7) }
      let theirs = Packed.silent(bytes).suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
      #expect(UInt32(truncatingIfNeeded: XXHash64.hash(bytes)) == theirs, "\(count)")
    }
    #expect(XXHash64.hash([]) == 0xEF46_DB37_51D8_E999)
  }
}
