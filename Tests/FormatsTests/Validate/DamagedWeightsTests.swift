import Testing

@testable import Formats

/// Compressed files that are damaged behind a header that can be read.
@Suite struct DamagedWeightsTests {
  /// A GGUF in frames of 512 bytes, some of them damaged.
  private static func damaged(_ frames: [Int]) async throws -> [UInt8] {
    var bytes = try await Packed.written(
      Fixture.bytes("micro/q1_0.gguf"), frameByteCount: 512)
    let table = try #require(try SeekTable(of: MemorySource(bytes)))
    for frame in frames { bytes[table[frame].packed.upperBound - 6] ^= 0x55 }
    return bytes
  }

  private static func validation(_ bytes: [UInt8]) async throws -> [Finding] {
    let folder = try TemporaryFolder()
    let path = try folder.write("model.gguf.zst", bytes)
    #expect(try Inspection(Model(opening: path)).tensors.count == 25)
    let validation = try await Validation(of: path)
    #expect(validation.failure == nil)
    return validation.findings
  }

  /// The window of the header reaches it, and the header does not.
  @Test func oneFrame() async throws {
    let findings = try await Self.validation(Self.damaged([175]))
    #expect(findings.filter { $0.rule == .unreadable }.count == 1)
    #expect(findings.first?.location.tensor != nil)
  }

  /// Each tensor that is damaged is named, whichever task comes to it first.
  @Test func manyFrames() async throws {
    let bytes = try await Self.damaged([60, 61, 100, 174, 175])
    let findings = try await Self.validation(bytes).filter { $0.rule == .unreadable }
    #expect(Set(findings.map(\.location.tensor)).count == findings.count)
    #expect(findings.count >= 3)
    for _ in 0..<5 {
      let again = try await Self.validation(bytes).filter { $0.rule == .unreadable }
      #expect(again.map(\.message) == findings.map(\.message))
      #expect(again.map(\.location.offset) == findings.map(\.location.offset))
    }
  }

  /// Without a seek table all that is behind the damage is lost.
  @Test(arguments: [10, 1000]) func cutOff(count: Int) async throws {
    let content = try Fixture.bytes("micro/q1_0.gguf")
    let whole = Packed.plain(Array(content[..<60_000])) + Packed.plain(Array(content[60_000...]))
    #expect(try await Self.validation(whole).isEmpty)
    let findings = try await Self.validation(whole.dropLast(count))
    #expect(findings.map(\.rule) == [.unreadable, .weightsNotRead])
  }

  /// What is damaged within the header is the header's.
  @Test func withinTheHeader() async throws {
    let folder = try TemporaryFolder()
    let path = try await folder.write("model.gguf.zst", Self.damaged([9]))
    let error = await failure { _ = try Model(opening: path) }
    #expect(error?.code == .malformed)
    #expect(try await Validation(of: path).failure != nil)
  }
}
