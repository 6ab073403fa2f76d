import Testing

@testable import Formats

@Suite("Models that do not convert, and why")
struct ConversionRefusalTests {
  /// A change of the micro model, and the error that it leads to.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let name: String
    let code: FormatError.Code
    /// After the path of the file.
    let text: String
    let change: @Sendable (inout EditedGGUF) -> Void
    var testDescription: String { name }
  }

  static let refusals = [
    Refusal(
      name: "NaN in a linear weight", code: .notExact,
      text: "tensor 'blk.0.ffn_down.weight' row 5 group 1: the scale of this group is nan; "
        + "a finite one is needed"
    ) { $0.edit("blk.0.ffn_down.weight") { $0.setScale(0x7E00, block: 11) } },
    Refusal(
      name: "infinity in the embedding", code: .notExact,
      text: "tensor 'token_embd.weight' row 511 group 0: the scale of this group is -inf; "
        + "a finite one is needed"
    ) { $0.edit("token_embd.weight") { $0.setScale(0xFC00, block: 511) } },
    Refusal(
      name: "Q6_K output", code: .unsupported,
      text: "tensor 'output.weight': its type is Q6_K, and only 1-bit and dense types convert "
        + "without loss; 'llama-quantize --pure' keeps every matrix in Q1_0"
    ) {
      $0.edit("output.weight") {
        $0.typeID = 14
        $0.type = GGMLType.all.first { $0.id == 14 }?.readings.first ?? .f32
        $0.bytes = [UInt8](repeating: 0, count: 512 * 128 / 256 * 210)
      }
      // Q6_K has blocks of 256: rows of 128 cannot be.
      $0.widenOutput()
    },
    Refusal(
      name: "ambiguous type", code: .unsupported,
      text: "tensor 'extra': type 42 means Q2_0 or Q2_0_G128, and the sizes in this file agree "
        + "with both"
    ) {
      $0.tensors.append(
        .init(
          name: "extra", typeID: 42, type: .i8, shape: [128], bytes: Array(repeating: 0, count: 36))
      )
    },
    Refusal(
      name: "unknown type", code: .unsupported,
      text: "tensor 'extra': its type number 99 is not known"
    ) {
      $0.tensors.append(
        .init(name: "extra", typeID: 99, type: .i8, shape: [4], bytes: [0, 0, 0, 0]))
    },
    Refusal(
      name: "unknown architecture", code: .unsupported,
      text: "architecture 'gemma' is none of those known: qwen3, qwen2, llama"
    ) { $0.set([("general.architecture", .text("gemma"))]) },
    Refusal(
      name: "missing tensor", code: .malformed,
      text: "tensor 'blk.1.ffn_gate.weight': the tensor is needed and missing"
    ) { $0.tensors.removeAll { $0.name == "blk.1.ffn_gate.weight" } },
    Refusal(
      name: "foreign tensor", code: .unsupported,
      text: "tensor 'blk.0.attn_q.bias': architecture 'qwen3' has no tensor of this name"
    ) {
      $0.tensors.append(
        .init(name: "blk.0.attn_q.bias", typeID: 0, type: .f32, shape: [1], bytes: [0, 0, 0, 0]))
    },
    Refusal(
      name: "wrong shape", code: .malformed,
      text: "tensor 'blk.0.attn_k.weight': needed the shape [128, 128], found [64, 128]"
    ) {
      $0.edit("blk.0.attn_k.weight") {
        $0.shape = [64, 128]
        $0.bytes = Array($0.bytes.prefix(64 * 18))
      }
    },
    Refusal(
      name: "layer beyond the last", code: .malformed,
      text: "tensor 'blk.1.attn_k.weight': the model has 1 layers"
    ) { $0.set([("qwen3.block_count", .uint32(1))]) },
  ]

  @Test(arguments: refusals) func refusal(_ refusal: Refusal) async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    refusal.change(&gguf)
    let path = try gguf.write(to: folder)
    let error = await failure {
      _ = try await ConversionGoldenTests.convert(path, to: folder) { $0.isStrict = true }
    }
    #expect(error?.code == refusal.code)
    #expect(error?.description == "\(path): \(refusal.text)")
    #expect(try folder.names == ["model.gguf"])
  }

  @Test func aSafetensorsFileAlone() async throws {
    let folder = try TemporaryFolder()
    let path = Fixture.path("micro/awq/model.safetensors")
    let error = await failure { _ = try await ConversionGoldenTests.convert(path, to: folder) }
    #expect(error?.code == .unsupported)
    #expect(
      error?.description == "\(path): a safetensors file by itself does not say what model it is: "
        + "give its directory, with the config.json, or that of another with --config-from")
  }

  @Test func aDirectoryWithoutConfiguration() async throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("model")
    _ = try folder.write(
      "model/model.safetensors", Fixture.bytes("micro/fp16/model.safetensors"))
    let path = folder("model")
    let error = await failure { _ = try await ConversionGoldenTests.convert(path, to: folder) }
    #expect(error?.code == .notFound)
    #expect(
      error?.description
        == "\(path): the directory has no config.json, which says what model it is")
  }

  @Test func anOutputInsideTheInput() async throws {
    let folder = try TemporaryFolder()
    let path = folder("model")
    _ = try await Conversion(of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .fp16).run(
      to: path)
    let error = await failure {
      _ = try await Conversion(of: Model(opening: path), to: .awq).run(to: path + "/inner")
    }
    #expect(error?.code == .usage)
    #expect(try folder.names == ["model"])
  }

  @Test func noTokenizerThere() async throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("tokenizer")
    try folder.write("tokenizer/vocab.json", [])
    let error = await failure {
      _ = try await ConversionGoldenTests.convert(Fixture.path("micro/q1_0.gguf"), to: folder) {
        $0.tokenizerDirectory = folder("tokenizer")
      }
    }
    #expect(error?.code == .notFound)
    #expect(error?.description == "\(folder("tokenizer")): the directory has no tokenizer.json")
  }

  /// A source that grows while it is read is not the one that was proven.
  @Test func aSourceThatChanges() async throws {
    let folder = try TemporaryFolder()
    let path = try EditedGGUF().write(to: folder)
    let conversion = try Conversion(of: Model(opening: path), to: .awq)
    let descriptor = try SystemCalls.open(path, 2)
    defer { try? SystemCalls.close(descriptor, path: path) }
    let size = try SystemCalls.status(descriptor, path: path).byteCount
    try SystemCalls.setLength(descriptor, to: size + 1, path: path)
    let error = await failure { _ = try await conversion.run(to: folder("out")) }
    #expect(error?.code == .io)
    #expect(error?.description == "\(path): the file was changed while it was read")
    #expect(try folder.names == ["model.gguf"])
  }
}

extension EditedGGUF {
  /// Doubles the model's width, on paper: only headers are looked at before types are.
  fileprivate mutating func widenOutput() {
    set([("qwen3.embedding_length", .uint32(256)), ("qwen3.feed_forward_length", .uint32(256))])
    let widths: [String: [Int]] = [
      "token_embd": [512, 256], "output": [512, 256], "output_norm": [256], "attn_norm": [256],
      "attn_q": [256, 256], "attn_k": [128, 256], "attn_v": [128, 256],
      "attn_output": [256, 256], "ffn_norm": [256], "ffn_gate": [256, 256], "ffn_up": [256, 256],
      "ffn_down": [256, 256],
    ]
    for index in tensors.indices {
      let parts = tensors[index].name.split(separator: ".")
      guard let shape = widths[String(parts[parts.count - 2])] else { continue }
      let type = tensors[index].type
      tensors[index].shape = shape
      let count = shape.reduce(1, *) / type.blockSize * type.blockByteCount
      tensors[index].bytes = [UInt8](repeating: 0, count: count)
    }
  }
}
