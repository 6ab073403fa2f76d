import Testing

@testable import Formats

@Suite("What a known architecture does not know goes along where names do not cross")
struct StrangeTensorTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let rotation = "model.layers.0.self_attn.rotary_emb.inv_freq"
  private static let bias = "model.layers.0.self_attn.q_proj.bias"
  private static let positions = "model.position_ids"

  /// Llama 3.1: another rope scaling, biases, and buffers that old versions stored.
  private func llama() throws -> EditedDirectory {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", ["LlamaForCausalLM"])
    directory.set("model_type", "llama")
    directory.tensors.removeAll { $0.name.contains("_norm.weight") }
    directory.set("rope_scaling", ["rope_type": "llama3", "factor": 8])
    directory.set("attention_bias", true)
    directory.tensors += [
      .init(name: Self.bias, type: .f16, shape: [256], bytes: .init(repeating: 0x3C, count: 512)),
      .init(name: Self.rotation, type: .f32, shape: [1], bytes: [1, 0, 0x80, 0x3F]),
      .init(name: Self.positions, type: .i64, shape: [1], bytes: [1, 2, 3, 4, 5, 6, 7, 8]),
    ]
    return directory
  }

  @Test(arguments: [ConversionTarget.mlx, .awq, .fp16])
  func huggingFace(target: ConversionTarget) async throws {
    let source = try Model(opening: llama().write(to: folder))
    let (out, report) = try await convert(source.path, target, to: folder("out"))
    #expect(report.isProven)
    #expect(report.notes.count == 1 && report.notes[0].hasPrefix("\(Self.rotation) stays F32: "))
    for name in [Self.bias, Self.rotation, Self.positions] {
      let (before, after) = (source.tensor(named: name), out.tensor(named: name))
      #expect(before?.layout == after?.layout)
      let same = try source.storedBytes(#require(before)) == out.storedBytes(#require(after))
      #expect(same, "\(name)")
    }
    let packed = out.tensors.filter { $0.layout == target.layout(of: .linear) }.count
    #expect(packed == (target == .mlx ? 16 : target == .awq ? 14 : out.tensors.count - 2))
    let config = try JSONValue(parsing: folder.bytes("out/config.json"), name: "config.json")
    #expect(config["rope_scaling"]?["rope_type"] == "llama3")
  }

  @Test func betweenNamingsTheyAreRefused() async throws {
    let path = try llama().write(to: folder)
    let error = await failure { try await convert(path, .gguf, to: folder("out")) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("is 'llama3'") == true)
    var biased = try llama()
    biased.set("rope_scaling", nil)
    let other = try biased.write(to: folder, as: "biased")
    let refused = await failure { try await convert(other, .gguf, to: folder("out")) }
    #expect(refused?.message == "architecture 'llama' has no tensor of this name")
  }

  @Test func whatIsKnownIsCheckedStill() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.tensors.removeAll { $0.name == "model.layers.1.mlp.up_proj.weight" }
    let path = try directory.write(to: folder)
    let error = await failure { try await convert(path, .awq, to: folder("out")) }
    #expect(error?.message == "the tensor is needed and missing")
  }

  /// llama.cpp's own factors of Llama 3.1, in a tensor that has no name in a directory.
  @Test func gguf() async throws {
    var gguf = try ArchitectureTests.gguf("llama")
    gguf.tensors.append(
      .init(
        name: "rope_freqs.weight", typeID: 0, type: .f32, shape: [1], bytes: [1, 0, 0x80, 0x3F]))
    let path = try gguf.write(to: folder)
    let (out, _) = try await convert(path, .ggufF16, to: folder("out"))
    #expect(out.tensor(named: "rope_freqs.weight")?.layout == .f32)
    let error = await failure { try await convert(path, .fp16, to: folder("no")) }
    #expect(error?.message == "architecture 'llama' has no tensor of this name")
  }
}
