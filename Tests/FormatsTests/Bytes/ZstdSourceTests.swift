import CZstd
import Testing

@testable import Formats

@Suite struct ZstdSourceTests {
  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&result, result.count, bytes, bytes.count, 3)
    return Array(result.prefix(count))
  }

  @Test func readsForwardsAndBackwards() throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let source = try ZstdSource(MemorySource(Self.compressed(bytes)))
    for range in [0..<100, 50_000..<50_010, 10..<20, 0..<bytes.count] {
      let same = try source.bytes(range) == Array(bytes[range])
      #expect(same, "\(range)")
    }
  }

  @Test func framesInARowAreOneStream() throws {
    let source = try ZstdSource(
      MemorySource(Self.compressed([1, 2, 3]) + Self.compressed([4, 5])))
    #expect(try source.bytes(0..<5) == [1, 2, 3, 4, 5])
    #expect(throws: FormatError.self) { try source.bytes(0..<6) }
  }

  @Test func aHeaderIsReadFromACompressedFile() throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let plain = try GGUFFile(MemorySource(bytes))
    let packed = try GGUFFile(ZstdSource(MemorySource(Self.compressed(bytes))))
    #expect(plain.tensors.dropLast() == packed.tensors.dropLast())
    let tokens = try packed.metadata.array("tokenizer.ggml.tokens")?.strings()
    #expect(tokens == (try plain.metadata.array("tokenizer.ggml.tokens")?.strings()))
  }

  @Test func everyCutIsNoticed() throws {
    let packed = Self.compressed(Array(repeating: 7, count: 1000) + Array(0...255))
    for count in 4..<packed.count {
      let source = try ZstdSource(MemorySource(Array(packed.prefix(count))))
      #expect(throws: FormatError.self, "\(count)") { try source.bytes(0..<1256) }
    }
  }

  @Test func anythingElseIsRefusedWithItsOffset() throws {
    let garbage = try ZstdSource(MemorySource(Self.compressed([1, 2, 3]) + [9, 9, 9, 9, 9]))
    let error = #expect(throws: FormatError.self) { try garbage.bytes(0..<4) }
    #expect(error?.code == .malformed)
    #expect(error?.location.offset != nil)
  }

  @Test func aWindowBeyondTheLimitIsRefused() throws {
    // A frame header that asks for a window of 2^31 bytes; the format's descriptor is (31 − 10) << 3.
    let source = try ZstdSource(MemorySource(ZstdSource.magic + [0x00, 21 << 3, 0x01, 0x00, 0x00]))
    let error = #expect(throws: FormatError.self) { try source.bytes(0..<1) }
    #expect(error?.message.contains("too much memory") == true)
  }
}
