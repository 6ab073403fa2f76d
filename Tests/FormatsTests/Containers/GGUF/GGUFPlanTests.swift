import Testing

@testable import Formats

@Suite struct GGUFPlanTests {
  @Test func laysOutAndPads() throws {
    let metadata = GGUFMetadata([
      .init("general.architecture", .string(ByteString("qwen3"))),
      .init("general.alignment", .uint32(64)),
      .init("ok", .bool(true)),
    ])
    let plan = try GGUFPlan(
      metadata: metadata,
      tensors: [
        .init("q", .q1_0, shape: [2, 128]), .init("empty", .f32, shape: [0, 4]),
        .init("norm", .f32, shape: [3]), .init("scalar", .f16, shape: []),
      ])
    #expect(plan.alignment == 64 && plan.header.count % 64 == 0)
    let start = plan.header.count
    #expect(
      plan.placements.map(\.range) == [
        start..<start + 36, start + 64..<start + 64, start + 64..<start + 76,
        start + 128..<start + 130,
      ])
    #expect(plan.fileByteCount == start + 192)
    let file = try GGUFFile(
      MemorySource(plan.header + [UInt8](repeating: 0, count: plan.fileByteCount - start)))
    #expect(file.tensors.map(\.info) == plan.placements && file.alignment == 64)
    #expect(file.version == 3 && !file.isBigEndian)
    #expect(try file.metadata.bool("ok") == true)
  }

  @Test func emptyFile() throws {
    let plan = try GGUFPlan(metadata: GGUFMetadata(), tensors: [])
    #expect(plan.header == GGUFBuilder().bytes && plan.fileByteCount == 32)
  }

  @Test func refusesWhatReadersRefuse() throws {
    let long = String(repeating: "n", count: 64)
    let tensor = try GGUFPlan.Tensor(long, .f32, shape: [1])
    expect(.limit, "the name has 64 bytes, at most 63 are written", [], [tensor])
    let one = try GGUFPlan.Tensor("t", .f32, shape: [1])
    expect(.malformed, "there are two tensors of this name", [], [one, one])
    let deep = try GGUFPlan.Tensor("t", .f32, shape: [1, 1, 1, 1, 1])
    expect(.malformed, "the shape [1, 1, 1, 1, 1] is not one of 0 to 4 sizes", [], [deep])
    expect(.malformed, "a metadata key is empty", [.init("", .uint8(1))], [])
    let key = String(repeating: "k", count: 65_536)
    expect(
      .limit, "a metadata key has 65536 bytes, at most 65535 are written",
      [.init(key, .uint8(1))], [])
    let alignment = GGUFMetadata.Entry("general.alignment", .uint32(3))
    expect(.malformed, "'general.alignment' is 3, needed a power of two", [alignment], [])
  }

  @Test func refusesTypesWithoutOneFormat() throws {
    for id in [4, 40, 42] as [UInt32] {
      let type = try #require(GGMLType.of(id))
      #expect(throws: FormatError.self) { try GGUFPlan.Tensor("t", type, shape: [256]) }
    }
    #expect(throws: FormatError.self) { try GGUFPlan.Tensor("t", .q1_0, shape: [64]) }
    #expect(throws: FormatError.self) { try GGUFPlan.Tensor("t", .f32, shape: [.max, 2]) }
  }

  private func expect(
    _ code: FormatError.Code, _ message: String, _ entries: [GGUFMetadata.Entry],
    _ tensors: [GGUFPlan.Tensor], _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try GGUFPlan(metadata: GGUFMetadata(entries), tensors: tensors)
      Issue.record("accepted", sourceLocation: sourceLocation)
    } catch {
      #expect(error.code == code, sourceLocation: sourceLocation)
      #expect(error.message == message, sourceLocation: sourceLocation)
    }
  }
}
