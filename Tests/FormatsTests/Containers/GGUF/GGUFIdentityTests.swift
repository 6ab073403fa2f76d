import Testing

@testable import Formats

/// What other programs wrote, read and written again.
@Suite struct GGUFIdentityTests {
  static let models = [
    "micro/q1_0.gguf", "micro/f16.gguf", "micro-tied-edge/q1_0.gguf", "micro-tied-edge/f16.gguf",
  ]

  @Test(arguments: models)
  func readThenWrittenIsTheSame(_ path: String) throws {
    let original = try Fixture.bytes(path)
    let file = try GGUFFile(MemorySource(original))
    #expect(try rewritten(file) == original)
    #expect(file.tensors.allSatisfy { $0.meaning == .resolved })
  }

  @Test func vocabularyIsTheSameUpToThePadding() throws {
    let original = try Fixture.bytes("vocab/ggml-vocab-qwen2.gguf")
    let file = try GGUFFile(FileSource(path: Fixture.path("vocab/ggml-vocab-qwen2.gguf")))
    #expect(file.tensors.isEmpty && file.metadata.entries.count == 20)
    #expect(file.headerByteCount == 5_928_681 && file.dataOffset == 5_928_704)
    let written = try rewritten(file)
    #expect(written == original + [UInt8](repeating: 0, count: 23))
    let tokens = try #require(try file.metadata.array("tokenizer.ggml.tokens"))
    var count = 0
    var last = ByteString("")
    try tokens.forEachString { (token) throws(FormatError) in
      count += 1
      last = token
    }
    #expect(count == 151_936 && tokens.count == count)
    #expect(last.text == "[PAD151935]")
  }

  @Test func bigEndianTwinReadsEqual() throws {
    let little = try GGUFFile(MemorySource(Fixture.bytes("micro/q1_0.gguf")))
    let big = try GGUFFile(MemorySource(bigEndianTwin(of: little)))
    #expect(big.isBigEndian && !little.isBigEndian)
    #expect(big.version == 3 && big.dataOffset == little.dataOffset)
    #expect(big.tensors == little.tensors)
    #expect(try rewritten(big) == Fixture.bytes("micro/q1_0.gguf"))
  }

  /// The file as the plan of its contents says, data turned around where it is big-endian.
  private func rewritten(_ file: GGUFFile) throws -> [UInt8] {
    let plan = try GGUFPlan(
      metadata: file.metadata, tensors: file.tensors.map { GGUFPlan.Tensor($0) })
    var bytes = plan.header
    for (tensor, placement) in zip(file.tensors, plan.placements) {
      bytes += [UInt8](repeating: 0, count: placement.range.lowerBound - bytes.count)
      var data = try file.source.bytes(tensor.info.range)
      if file.isBigEndian { try GGUFByteOrder.swap(&data, of: tensor.info.type) }
      bytes += data
    }
    return bytes + [UInt8](repeating: 0, count: plan.fileByteCount - bytes.count)
  }

  private func bigEndianTwin(of file: GGUFFile) throws -> [UInt8] {
    var builder = GGUFBuilder()
    builder.isBigEndian = true
    for entry in file.metadata.entries {
      builder.add(entry.key, entry.value.kind.rawValue, try bigEndian(entry.value, builder))
    }
    for tensor in file.tensors {
      builder.infos.append(
        GGUFBuilder.Info(
          tensor.info.name, tensor.info.shape.reversed().map(Int64.init), tensor.typeID,
          at: UInt64(tensor.info.range.lowerBound - file.dataOffset)))
      builder.data += [UInt8](
        repeating: 0,
        count: tensor.info.range.lowerBound - file.dataOffset - builder.data.count)
      var data = try file.source.bytes(tensor.info.range)
      try GGUFByteOrder.swap(&data, of: tensor.info.type)
      builder.data += data
    }
    return builder.bytes
  }

  private func bigEndian(_ value: GGUFValue, _ builder: GGUFBuilder) throws -> [UInt8] {
    switch value {
    case .uint32(let value): return builder.encoded(value)
    case .int32(let value): return builder.encoded(value)
    case .float32(let value): return builder.encoded(value.bitPattern)
    case .bool(let value): return [value ? 1 : 0]
    case .string(let value): return builder.encoded(bytes: value.bytes)
    case .array(let array) where array.elementKind == .string:
      let elements = try array.strings().flatMap { builder.encoded(bytes: $0.bytes) }
      return builder.array(8, UInt64(array.count), elements)
    case .array(let array) where array.elementKind == .int32:
      let elements = try array.integers().flatMap { builder.encoded(Int32($0)) }
      return builder.array(5, UInt64(array.count), elements)
    default:
      Issue.record("the fixture has a value of kind \(value.kind)")
      return []
    }
  }
}
