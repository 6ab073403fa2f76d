import Testing

@testable import Formats

/// Files cut at every byte and damaged at every byte: an error or a reading, and never a trap.
@Suite struct GGUFSweepTests {
  /// A small file with a value and an array of every type, and tensors of several.
  static func everything(isBigEndian: Bool) -> [UInt8] {
    var builder = GGUFBuilder()
    builder.isBigEndian = isBigEndian
    for kind in UInt32(0)...12 {
      let value = GGMLHandcraftedTests.sampleValue(kind, builder)
      builder.add("value.\(kind)", kind, value)
      if kind != 7 { builder.add("array.\(kind)", 9, builder.array(kind, 2, value + value)) }
    }
    builder.add("general.alignment", uint32: 32)
    builder.add(tensor: "q", [128, 2], 41, bytes: 36)
    builder.add(tensor: "clash", [256, 3], 42, bytes: 204)
    builder.add(tensor: "other", [4, 2, 1, 1], 77, bytes: 9)
    builder.add(tensor: "norm", [4], 0, bytes: 16)
    return builder.bytes
  }

  @Test(arguments: [false, true])
  func smallFile(_ isBigEndian: Bool) throws {
    let bytes = Self.everything(isBigEndian: isBigEndian)
    let file = try GGUFFile(MemorySource(bytes))
    let end = try #require(file.tensors.last).info.range.upperBound
    for count in 0..<bytes.count {
      var error: FormatError?
      let time = computing { error = refusal(Array(bytes[..<count])) }
      #expect(time < .seconds(1), "cut to \(count) bytes")
      #expect((error == nil) == (count >= end), "cut to \(count) bytes")
      if count < end { #expect(error?.code == .truncated, "cut to \(count) bytes") }
    }
    for offset in 0..<file.dataOffset { damage(bytes, at: offset) }
  }

  @Test func fixture() throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let file = try GGUFFile(MemorySource(bytes))
    // Nothing but the header and one byte of data: what is read is cut short all the more.
    for count in stride(from: 0, to: file.dataOffset, by: 31) {
      #expect(refusal(Array(bytes[..<count]))?.code == .truncated, "cut to \(count) bytes")
    }
    for offset in stride(from: 0, to: file.headerByteCount, by: 41) { damage(bytes, at: offset) }
  }

  /// Reads the file with one byte changed in four ways, elements of arrays included.
  private func damage(_ bytes: [UInt8], at offset: Int) {
    var copy = bytes
    let byte = bytes[offset]
    for value in [0, 0xFF, byte ^ 1, byte ^ 0x80] where value != byte {
      copy[offset] = value
      let time = computing { read(copy) }
      #expect(time < .seconds(1), "byte \(offset) = \(value)")
    }
  }

  private func read(_ bytes: [UInt8]) {
    guard let file = try? GGUFFile(MemorySource(bytes)) else { return }
    for tensor in file.tensors {
      #expect(tensor.info.range.upperBound <= max(bytes.count, file.dataOffset))
    }
    guard let plan = plan(file) else { return }
    #expect(plan.placements.count == file.tensors.count)
  }

  private func plan(_ file: GGUFFile) -> GGUFPlan? {
    for entry in file.metadata.entries {
      guard case .array(let array) = entry.value else { continue }
      _ = try? array.integers()
      _ = try? array.strings()
      _ = try? array.arrays()
    }
    return try? GGUFPlan(
      metadata: file.metadata, tensors: file.tensors.map { GGUFPlan.Tensor($0) })
  }

  /// ggml compares each key with all before it: 2.4 seconds for these, optimized.
  @Test func manyKeysAndTensorsTakeLinearTime() throws {
    var builder = GGUFBuilder()
    for index in 0..<40_001 { builder.add("k\(index)", 0, [1]) }
    for index in 0..<20_000 { builder.infos.append(.init("t\(index)", [0], 0, at: 0)) }
    let bytes = builder.bytes
    let time = try computing {
      let file = try GGUFFile(MemorySource(bytes))
      #expect(file.metadata.entries.count == 40_001 && file.tensors.count == 20_000)
    }
    // Quadratic time would be minutes in a debug build.
    #expect(time < .seconds(10))
  }
}
