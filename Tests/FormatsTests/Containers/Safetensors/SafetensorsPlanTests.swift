import Testing

@testable import Formats

@Suite struct SafetensorsPlanTests {
  @Test(arguments: ["micro/fp16", "micro/awq", "micro-tied-edge/fp16", "micro-tied-edge/awq"])
  func reproducesTheReferenceWriter(_ folder: String) throws {
    let bytes = try Fixture.bytes("\(folder)/model.safetensors")
    let file = try open(bytes)
    let tensors = file.tensors.shuffled().map {
      SafetensorsPlan.Tensor(name: $0.name, type: $0.type, shape: $0.shape)
    }
    let plan = try SafetensorsPlan(tensors, metadata: file.metadata)
    #expect(plan.header == Array(bytes.prefix(file.dataOffset)))
    #expect(plan.tensors == file.tensors)
    #expect(plan.fileByteCount == bytes.count)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var tensors = SafetensorsTypes.inOrder.map {
      SafetensorsPlan.Tensor(name: "t.\($0.name)", type: $0, shape: [2, 4])
    }
    tensors += [
      .init(name: "", type: .f32, shape: []),
      .init(name: "empty", type: .f32, shape: [3, 0, .max]),
      .init(name: "also empty", type: .f6E3M2, shape: [0]),
      .init(name: "e\u{301} \"\\/\u{1f}\u{7f}\u{1F600}", type: .u8, shape: [1]),
      .init(name: "\u{e9} \"\\/\u{1f}\u{7f}\u{1F600}", type: .u8, shape: [1]),
    ]
    let metadata: SafetensorsMetadata = ["z": "1\n", "a": "", "\u{e9}": "\u{301}"]
    let plan = try SafetensorsPlan(tensors, metadata: metadata)
    #expect(plan.header.count % 8 == 0)
    #expect(try SafetensorsPlan(tensors.reversed(), metadata: metadata).header == plan.header)

    let data = [UInt8](repeating: 0, count: plan.fileByteCount - plan.header.count)
    let file = try open(plan.header + data)
    #expect(file.tensors == plan.tensors)
    #expect(file.metadata == metadata)
    #expect(file.dataOffset == plan.header.count)
    #expect(file.tensors.first?.type == .u64 && file.tensors.last?.type == .bool)
    for tensor in file.tensors where tensor.type.blockSize == 1 {
      #expect(tensor.range.lowerBound % tensor.type.blockByteCount == 0)
    }
  }

  @Test func typesAreTheReferencesInItsOrder() {
    #expect(
      SafetensorsTypes.inOrder.map(\.name).joined(separator: " ")
        == """
        BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 \
        BF16 I32 U32 F32 C64 F64 I64 U64
        """)
    let bits = SafetensorsTypes.inOrder.map { Int($0.bitsPerElement) }
    #expect(
      bits == [8, 4, 6, 6, 8, 8, 8, 8, 8, 8, 8, 16, 16, 16, 16, 32, 32, 32, 64, 64, 64, 64])
  }

  @Test func nothingMakesTheSmallestFile() throws {
    let plan = try SafetensorsPlan([])
    #expect(plan.header == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    #expect(plan.fileByteCount == 16)
  }

  @Test(arguments: [
    (tensor("a", .q1_0, [128]), "tensor 'a': safetensors has no type Q1_0"),
    (tensor("b", .u8, [1]), "tensor 'b': the file would hold two members of this name"),
    (
      tensor("__metadata__", .u8, [1]),
      "tensor '__metadata__': the file would hold two members of this name"
    ),
    (tensor("a", .u8, [-1]), "tensor 'a': a size in shape is negative: -1"),
    (
      tensor("a", .f6E2M3, [2]),
      "tensor 'a': 2 elements of F6_E2M3 fill no whole number of bytes: needed a multiple of 4"
    ),
    (tensor("a", .u8, [.max]), "tensor 'a': the offset of the data's end overflows 64 bits"),
    (
      tensor("a", .u8, Array(repeating: 1, count: 65)),
      "tensor 'a': the shape has 65 sizes, at most 64 are written"
    ),
    (
      tensor(String(repeating: "n", count: 65_537), .u8, []),
      "a tensor's name has 65537 bytes, at most 65536 are written"
    ),
  ])
  func refusesToPlan(_ bad: SafetensorsPlan.Tensor, _ expected: String) {
    #expect(
      message { () throws(FormatError) in
        _ = try SafetensorsPlan([tensor("b", .u16, [1]), bad])
      } == expected)
  }

  @Test func refusesToPlanMetadataTwice() {
    #expect(
      message { () throws(FormatError) in
        _ = try SafetensorsPlan([], metadata: ["a": "", "a": ""])
      } == "__metadata__ would name 'a' twice")
  }
}

private func tensor(_ name: String, _ type: StorageType, _ shape: [Int]) -> SafetensorsPlan.Tensor {
  SafetensorsPlan.Tensor(name: name, type: type, shape: shape)
}
