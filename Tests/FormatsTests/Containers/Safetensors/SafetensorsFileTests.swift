import Testing

@testable import Formats

@Suite struct SafetensorsFileTests {
  @Test func readsTheFixtures() throws {
    let tied = try SafetensorsFile(
      FileSource(path: Fixture.path("micro-tied-edge/fp16/model.safetensors")))
    #expect(tied.headerByteCount == 2496)
    #expect(tied.dataOffset == 2504)
    #expect(tied.metadata.entries == [.init("format", "pt")])
    #expect(tied.tensors.count == 24)
    #expect(
      tied.tensors.first
        == TensorInfo(
          name: "model.embed_tokens.weight", type: .f16, shape: [512, 128],
          range: 2504..<2504 + 131072))
    #expect(tied.tensors.last?.range.upperBound == 922_312)
  }

  @Test(arguments: ["micro", "micro-tied-edge"], ["fp16", "awq", "mlx"])
  func everyFixtureIsConsistent(model: String, layout: String) throws {
    let source = try FileSource(path: Fixture.path("\(model)/\(layout)/model.safetensors"))
    let file = try SafetensorsFile(source)
    #expect(try isConsistent(file))
    #expect(file.metadata["format"] == (layout == "mlx" ? "mlx" : "pt"))
    #expect(file.metadata["absent"] == nil)
  }

  @Test func ordersByDataAndTakesAnyAlignment() throws {
    // mlx-lm writes names in order, data in another, and does not pad.
    let file = try SafetensorsFile(
      FileSource(path: Fixture.path("micro/mlx/model.safetensors")))
    #expect(file.dataOffset == 5629)
    #expect(file.tensors.first?.name == "lm_head.biases")
    let scales = file.tensors.first { $0.name == "lm_head.scales" }
    #expect(scales?.range == 5629 + 3072..<5629 + 4096)
  }

  @Test func takesWhatIsLegalButRare() throws {
    #expect(try open(safetensors("{}")).tensors.isEmpty)
    let file = try open(
      safetensors(
        """
        {"z":{"shape":[0,9223372036854775807,9],"data_offsets":[3,3],"dtype":"F4"},\
        "":{"dtype":"F6_E2M3","shape":[2, 2],"data_offsets":[ 0 ,3]},\
        "e\u{301}":{"dtype":"BOOL","shape":[],"data_offsets":[3,4]},\
        "\u{e9}":{"dtype":"BOOL","shape":[],"data_offsets":[4,5]},\
        "__metadata__":{}}  \u{20}
        """, dataByteCount: 5))
    #expect(file.tensors.map(\.name.utf8.count) == [0, 1, 3, 2])
    #expect(file.tensors.map(\.range.count) == [3, 0, 1, 1])
    #expect(try isConsistent(file))
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = try smallFile()
    for count in 0..<bytes.count {
      #expect(throws: FormatError.self) { try open(Array(bytes.prefix(count))) }
    }
    #expect(throws: FormatError.self) { try open(bytes + [0]) }
  }

  @Test func noChangedHeaderByteTrapsOrIsMisread() throws {
    let bytes = try smallFile()
    let original = try open(bytes)
    for index in 0..<original.dataOffset {
      for change in [0x00, 0xFF, bytes[index] ^ 0x01, bytes[index] ^ 0x80] {
        var changed = bytes
        changed[index] = change
        guard let file = try? open(changed) else { continue }
        #expect(try isConsistent(file), "byte \(index) = \(change)")
        let renamed = zip(file.tensors, original.tensors).filter { $0 != $1 }.count
        let isMetadata = file.metadata != original.metadata
        #expect(renamed + (isMetadata ? 1 : 0) <= 1, "byte \(index) = \(change)")
      }
    }
  }

  @Test func opensAHundredThousandTensors() throws {
    let tensors = (0..<100_000).map { number in
      SafetensorsPlan.Tensor(
        name: "model.layers.\(number).self_attn.q_proj.weight", type: .u8, shape: [1, 1])
    }
    let plan = try SafetensorsPlan(tensors)
    let file = try open(plan.header + [UInt8](repeating: 7, count: 100_000))
    #expect(file.tensors == plan.tensors)
  }

  private func smallFile() throws -> [UInt8] {
    let plan = try SafetensorsPlan(
      [
        .init(name: "a", type: .f16, shape: [2, 3]), .init(name: "b", type: .i64, shape: [1]),
        .init(name: "c\u{e9}\n", type: .f4, shape: [4]),
      ], metadata: ["format": "pt"])
    return plan.header + [UInt8](repeating: 1, count: plan.fileByteCount - plan.header.count)
  }
}
