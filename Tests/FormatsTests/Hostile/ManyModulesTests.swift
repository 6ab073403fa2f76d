import Testing

@testable import Formats

/// Time that would grow with the square of what a file has; Specs/limits.md.
@Suite("Very many modules take no longer, each by itself, than few") struct ManyModulesTests {
  /// Each of them may have members of its own, which are looked for where they stand.
  @Test func manyModules() throws {
    let module: JSONValue = ["group_size": 128, "bits": 1]
    let modules = (0..<20_000).map { JSONValue.Member("m\($0)", module) }
    let config: JSONValue = ["quantization": .object([.init("bits", 1)] + modules)]
    var findings = Findings.strict
    let time = try computing {
      try QuantizationConfig.checkMembers(config, file: "config.json", .standard, &findings)
    }
    #expect(time < .seconds(5))
  }

  /// The pieces that a configuration lists are looked for all at once.
  @Test func manyPieces() {
    let pieces = (0..<10_000).map { "layers.\($0 + 100).mlp" } + ["", "layers.7.mlp", "7.mlp", "é"]
    let search = PieceSearch(pieces)
    #expect(search.lengthCount < 10)
    let time = computing {
      for layer in 0..<400 {
        let name = "model.layers.\(layer).mlp.down_proj.weight"
        let expected =
          layer >= 100 ? layer - 100 : layer == 7 ? 10_001 : layer % 10 == 7 ? 10_002 : nil
        #expect(search.first(in: name) == expected, "\(name)")
      }
    }
    #expect(time < .seconds(2))
    #expect(search.first(in: "cafe\u{301}") == nil && search.first(in: "café") == 10_003)
    #expect(search.first(in: "") == nil)
  }

  /// A list of those that stay dense, of which each tensor may be one.
  @Test func manyMatricesThatDoNotFit() throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", ["MysteryForCausalLM"])
    directory.set("model_type", "mystery")
    directory.tensors = []
    let path = try directory.write(to: folder)
    let count = 20_000
    let header = (0..<count).map {
      #""model.layers.\#($0).a.weight":{"dtype":"F16","shape":[1,1],"data_offsets":[\#(2 * $0),\#(2 * $0 + 2)]}"#
    }
    try SystemCalls.removeFile(path + "/model.safetensors")
    try folder.write(
      "model/model.safetensors",
      safetensors("{\(header.joined(separator: ","))}", dataByteCount: 2 * count))
    let model = try Model(opening: path)
    var options = ConversionOptions()
    options.budget.memoryByteCount = 1 << 30
    let time = try computing {
      let conversion = try Conversion(of: model, to: .awq, options: options)
      #expect(conversion.plan.unconverted.count == count)
    }
    #expect(time < .seconds(20))
  }
}
