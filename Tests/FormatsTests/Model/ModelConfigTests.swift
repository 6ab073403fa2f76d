import Testing

@testable import Formats

@Suite("config.json from GGUF keys")
struct ModelConfigTests {
  let metadata: GGUFMetadata
  let tensors: [TensorInfo]

  init() throws {
    (metadata, tensors) = try MetadataReader.read("micro/q1_0.gguf")
  }

  func config(_ changes: [(String, GGUFValue?)]) throws -> ModelConfig {
    try ModelConfig(metadata: metadata.with(changes), tensors: tensors)
  }

  static let yarn: [(String, GGUFValue?)] = [
    ("qwen3.rope.scaling.type", .text("yarn")),
    ("qwen3.rope.scaling.factor", .float32(4)),
    ("qwen3.rope.scaling.original_context_length", .uint32(16384)),
    ("qwen3.context_length", .uint32(65536)),
  ]

  @Test("YaRN is written in the styles of transformers 4 and 5")
  func yarn() throws {
    let json = try config(Self.yarn + [("qwen3.rope.scaling.yarn_beta_fast", .float32(32))])
      .configJSON(.dense)
    let scaling: JSONValue = [
      "rope_type": "yarn", "factor": .number("4.0"), "original_max_position_embeddings": 16384,
      "beta_fast": .number("32.0"),
    ]
    #expect(json["rope_scaling"] == scaling)
    #expect(
      String(decoding: json["rope_parameters"]?.serialized() ?? [], as: UTF8.self)
        == #"{"rope_theta":1000000,"rope_type":"yarn","factor":4.0,"#
        + #""original_max_position_embeddings":16384,"beta_fast":32.0}"#)
    #expect(json["max_position_embeddings"] == 65536)
    #expect(json["rope_theta"] == 1_000_000)
  }

  @Test("Numbers are the shortest decimals of their width")
  func numbers() throws {
    let json = try config([
      ("qwen3.rope.freq_base", .float32(10000.5)),
      ("qwen3.attention.layer_norm_rms_epsilon", .float64(1e-5)),
    ]).configJSON(.dense)
    #expect(json["rope_theta"] == .number("10000.5"))
    #expect(json["rms_norm_eps"] == .number("1e-05"))
  }

  @Test("A scaling of none is no scaling, a linear one needs no original context")
  func otherScalings() throws {
    #expect(try config([("qwen3.rope.scaling.type", .text("none"))]).ropeScaling == nil)
    let linear = try config([
      ("qwen3.rope.scaling.type", .text("linear")), ("qwen3.rope.scaling.factor", .float32(2)),
    ])
    #expect(
      linear.configJSON(.dense)["rope_scaling"]
        == ["rope_type": "linear", "factor": .number("2.0")])
  }

  @Test("Modules that stay as they are get named")
  func modules() throws {
    let json = try config([]).configJSON(
      .awq(modulesToNotConvert: ["layers.0.mlp"]))
    #expect(json["quantization_config"]?["modules_to_not_convert"] == ["layers.0.mlp"])
  }

  @Test("Head dimension and key heads have the defaults of llama.cpp")
  func defaults() throws {
    let config = try config([
      ("qwen3.attention.key_length", nil), ("qwen3.attention.value_length", nil),
      ("qwen3.attention.head_count_kv", nil),
    ])
    #expect(config.headDimension == 64)
    #expect(config.keyValueHeadCount == 2)
  }

  @Test("Keys without a place in config.json are told")
  func ignored() throws {
    let changes: [(String, GGUFValue?)] = [("qwen3.attention.causal", .bool(true))]
    #expect(try config(changes).ignoredKeys == ["qwen3.attention.causal"])
    #expect(try config(Self.yarn).ignoredKeys.isEmpty)
  }

  static let refusals: [(String, GGUFValue?, FormatError.Code, String)] = [
    (
      "qwen3.block_count", nil, .malformed,
      "metadata key 'qwen3.block_count' is needed and missing"
    ),
    (
      "qwen3.rope.freq_base", nil, .malformed,
      "metadata key 'qwen3.rope.freq_base' is needed and missing"
    ),
    ("qwen3.block_count", .uint32(0), .malformed, "'qwen3.block_count' must be at least 1, is 0"),
    (
      "qwen3.block_count", .uint32(1_000_000), .limit,
      "'qwen3.block_count' is 1000000, the limit is 10000: --limit layers=N raises it"
    ),
    (
      "qwen3.embedding_length", .text("x"), .malformed,
      "metadata key 'qwen3.embedding_length' must be an integer, is the string 'x'"
    ),
    (
      "qwen3.attention.head_count_kv", .uint32(3), .malformed,
      "'qwen3.attention.head_count' must be a multiple of 'qwen3.attention.head_count_kv': 2 and 3"
    ),
    (
      "qwen3.attention.value_length", .uint32(64), .unsupported,
      "'qwen3.attention.value_length' must be the head's 128, is 64"
    ),
    (
      "qwen3.attention.layer_norm_rms_epsilon", .float32(.nan), .malformed,
      "'qwen3.attention.layer_norm_rms_epsilon' must be finite, is nan"
    ),
    (
      "qwen3.rope.freq_base", .float32(-1), .malformed,
      "'qwen3.rope.freq_base' must be above zero, is -1.0"
    ),
    (
      "qwen3.rope.scaling.type", .text("longrope"), .unsupported,
      "'qwen3.rope.scaling.type' must be none, linear or yarn, is 'longrope'"
    ),
    (
      "qwen3.rope.scaling.type", .text("yarn"), .malformed,
      "metadata key 'qwen3.rope.scaling.original_context_length' is needed and missing"
    ),
    (
      "qwen3.rope.scaling.factor", .float32(2), .malformed,
      "metadata key 'qwen3.rope.scaling.type' is needed and missing"
    ),
    (
      "general.architecture", nil, .malformed,
      "metadata key 'general.architecture' is needed and missing"
    ),
    (
      "general.architecture", .text("llama\u{1B}"), .unsupported,
      #"architecture 'llama\u{1b}' is none of those known: qwen3, qwen2, llama"#
    ),
    (
      "qwen3.vocab_size", .uint32(511), .malformed,
      "'qwen3.vocab_size' is 511, the embedding has 512 rows"
    ),
    (
      "tokenizer.ggml.eos_token_id", .uint32(512), .malformed,
      "'tokenizer.ggml.eos_token_id' must be below the vocabulary's 512, is 512"
    ),
    (
      "prism.hadamard.version", .uint32(1), .unsupported,
      "'prism.hadamard.version' says that the weights are rotated: engines that do not undo that print "
        + "garbage, and such a model is not converted"
    ),
  ]

  @Test("A key that is missing or wrong is named", arguments: refusals.indices)
  func refusal(index: Int) throws {
    let (key, value, code, message) = Self.refusals[index]
    #expect {
      try config([(key, value)])
    } throws: {
      let error = $0 as? FormatError
      return error?.code == code && error?.description == message
    }
  }

  @Test("Each tensor is checked by name and shape")
  func tensorChecks() throws {
    let config = try config([])
    func message(_ change: (inout [TensorInfo]) -> Void) -> String {
      var changed = tensors
      change(&changed)
      do {
        try config.check(gguf: changed)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message { _ in } == "")
    #expect(
      message { $0[3].shape = [128, 64] }
        == "tensor 'blk.0.attn_k.weight': needed the shape [128, 128], found [128, 64]")
    #expect(
      message { $0[3].name = "blk.0.attn_k.bias" }
        == "tensor 'blk.0.attn_k.bias': architecture 'qwen3' has no tensor of this name")
    #expect(
      message { $0[3].name = "blk.2.attn_k.weight" }
        == "tensor 'blk.2.attn_k.weight': the model has 2 layers")
    #expect(
      message { $0.append($0[3]) } == "tensor 'blk.0.attn_k.weight': the tensor is there twice")
    #expect(
      message { $0.remove(at: 3) }
        == "tensor 'blk.0.attn_k.weight': the tensor is needed and missing")
    #expect(message { $0.removeAll { $0.name == "output.weight" } } == "")
  }
}
