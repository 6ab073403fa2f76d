import Testing

@testable import Formats

/// A file for every warning.
@Suite struct InspectionWarningTests {
  private func inspect(_ builder: GGUFBuilder) throws -> Inspection {
    try Inspection(model(builder))
  }

  /// A model of bytes in memory, as opening a file makes it.
  private func model(_ builder: GGUFBuilder) throws -> Model {
    let split = try GGUFSplit([builder.open()])
    let shard = split.shards[0]
    let tensors = shard.tensors.map {
      Tensor(
        name: $0.info.name, shape: $0.info.shape, layout: Layout(opaque: $0.info.type),
        parts: [StoredPart(file: 0, info: $0.info, isBigEndian: shard.isBigEndian)])
    }
    return Model(
      path: "memory.gguf", form: .gguf,
      files: [.init(name: "memory.gguf", source: shard.source, dataOffset: shard.dataOffset)],
      tensors: tensors, gguf: split)
  }

  private func ids(_ builder: GGUFBuilder) throws -> [String] {
    try inspect(builder).warnings.map(\.id)
  }

  @Test func rotatedWeightsComeFirst() throws {
    var builder = GGUFBuilder()
    builder.add("general.file_type", uint32: 1)
    builder.add("prism.hadamard.version", uint32: 1)
    builder.add(tensor: "blk.0.ffn_up.weight", [128], 41, bytes: 18)
    builder.add(tensor: "blk.0.ffn_down.weight", [128, 1], 41, bytes: 18)
    #expect(try ids(builder) == ["rotated-weights", "file-type"])
  }

  @Test func bothMeaningsAreNamed() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "a.weight", [128], 42, bytes: 36)
    let warnings = try inspect(builder).warnings
    #expect(warnings.map(\.id) == ["ambiguous-type"])
    let message = warnings.first?.message ?? ""
    #expect(message.contains("type 42 can be Q2_0 or Q2_0_G128"))
  }

  @Test(arguments: [(UInt32(200), "is not known"), (31, "Q4_0_4_4 (removed)")])
  func unknownTypesAreListed(id: UInt32, text: String) throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "a.weight", [64, 2], id, bytes: 96)
    let inspection = try inspect(builder)
    #expect(inspection.warnings.map(\.id) == ["unknown-type"])
    let message = inspection.warnings.first?.message ?? ""
    #expect(message.contains(text))
    #expect(message.contains("96 bytes"))
    #expect(inspection.tensors.map(\.typeID) == [id])
  }

  /// Each could have a type of its own.
  @Test func manyUnknownTypes() throws {
    var builder = GGUFBuilder()
    let count = GGUFTypeDecision.mostUnknown + 36
    for id in 0..<count { builder.add(tensor: "t\(id)", [8], UInt32(1000 + id), bytes: 32) }
    builder.add(tensor: "removed", [8], 31, bytes: 32)
    let inspection = try inspect(builder)
    #expect(inspection.tensors.map(\.typeID) == (0..<count).map { UInt32(1000 + $0) } + [31])
    #expect(inspection.layouts.count == GGUFTypeDecision.mostUnknown + 2)
    let messages = inspection.warnings.map(\.message)
    #expect(messages.count == GGUFTypeDecision.mostUnknown + 2)
    #expect(
      messages.last
        == "36 other types are not known: 36 tensors, 1152 bytes with padding; conversion refuses them"
    )
    #expect(messages.filter { $0.hasPrefix("type 10") }.count == GGUFTypeDecision.mostUnknown)
  }

  @Test func typesOfForks() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "a.weight", [128, 1], 142, bytes: 34)
    #expect(try ids(builder) == ["fork-type"])
  }

  @Test func anOutputMatrixOfItsOwnType() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "output.weight", [256, 1], 14, bytes: 210)
    builder.add(tensor: "blk.0.ffn_up.weight", [256, 1], 41, bytes: 36)
    let warnings = try inspect(builder).warnings
    #expect(warnings.map(\.id) == ["mixed-types"])
    let message = warnings.first?.message ?? ""
    #expect(message.contains("output.weight is not Q1_0 but Q6_K"))
  }

  @Test func bigEndianBlocks() throws {
    var builder = GGUFBuilder()
    builder.isBigEndian = true
    builder.add(tensor: "a.weight", [256, 1], 14, bytes: 210)
    #expect(try ids(builder) == ["big-endian"])
  }

  @Test func sizesOfUnknownTypesDoNotOverflow() throws {
    var builder = GGUFBuilder()
    for name in ["a.weight", "b.weight"] {
      builder.add(tensor: name, [1 << 62], 200, bytes: 32)
    }
    #expect(try inspect(builder).total.weightCount == .max)
  }
}
