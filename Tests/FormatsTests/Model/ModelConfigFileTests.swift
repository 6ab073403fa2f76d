import Testing

@testable import Formats

@Suite("What config.json says about a model")
struct ModelConfigFileTests {
  let json: JSONValue
  let tensors: [Tensor]

  init() throws {
    let model = try Model(opening: Fixture.path("micro/fp16"))
    json = try #require(model.config)
    tensors = model.tensors
  }

  func config(
    _ changes: [(String, JSONValue?)], without names: Set<String> = []
  ) throws(FormatError) -> ModelConfig {
    guard case .object(var members) = json else { throw FormatError(.malformed, "no object") }
    for (name, value) in changes {
      members.removeAll { $0.name == name }
      if let value { members.append(.init(name, value)) }
    }
    return try ModelConfig(
      config: .object(members), tensors: tensors.filter { !names.contains($0.name) }, file: "c")
  }

  /// The keys of the architecture, as text.
  func keys(_ config: ModelConfig) throws -> [String] {
    let table = GGUFKeyTable.table(for: config.names)
    return try (table.rows + table.rowsAfterFileType).compactMap { try $0.entry(config) }.map {
      switch $0.value {
      case .uint32(let value): "\($0.key)=\(value)"
      case .float32(let value): "\($0.key)=\(value)"
      case .string(let value): "\($0.key)=\(value.repairedText)"
      default: "?"
      }
    }
  }

  @Test("Both directions share one value", arguments: ["micro", "micro-tied-edge"])
  func same(model: String) throws {
    let model = Fixture.path(model)
    let directory = try Model(opening: model + "/fp16")
    let fromConfig = try ModelConfig(
      config: #require(directory.config), tensors: directory.tensors)
    let gguf = try GGUFFile(FileSource(path: model + "/q1_0.gguf"))
    let fromKeys = try ModelConfig(metadata: gguf.metadata, tensors: gguf.tensors.map(\.info))
    #expect(
      fromConfig.configJSON(.dense).serialized()
        == fromKeys.configJSON(.dense).serialized())
    #expect(fromConfig.tiesEmbeddings == fromKeys.tiesEmbeddings)
  }

  @Test("YaRN is read in the styles of transformers 4 and 5, with rope_theta in either place")
  func yarn() throws {
    let scaling: [JSONValue.Member] = [
      .init("factor", .number("4.0")), .init("original_max_position_embeddings", 16384),
      .init("attn_factor", .number("1.5")), .init("beta_fast", 32),
      .init("extrapolation_factor", 1),
    ]
    let styles: [[(String, JSONValue?)]] = [
      [("rope_scaling", .object([.init("rope_type", "yarn")] + scaling))],
      [("rope_scaling", .object([.init("type", "yarn")] + scaling))],
      [
        ("rope_theta", nil), ("rope_scaling", nil),
        (
          "rope_parameters",
          .object([.init("rope_type", "yarn"), .init("rope_theta", 1_000_000)] + scaling)
        ),
      ],
    ]
    for style in styles {
      let keys = try keys(config(style))
      #expect(
        keys[6..<13] == [
          "qwen3.rope.scaling.type=yarn", "qwen3.rope.scaling.factor=4.0",
          "qwen3.rope.scaling.original_context_length=16384",
          "qwen3.rope.scaling.yarn_ext_factor=1.0", "qwen3.rope.scaling.yarn_attn_factor=1.5",
          "qwen3.rope.scaling.yarn_beta_fast=32.0", "qwen3.rope.freq_base=1000000.0",
        ])
    }
    #expect(try config([("rope_parameters", ["rope_type": "default"])]).ropeScaling == nil)
  }

  @Test("Architectures differ in their keys")
  func architectures() throws {
    let classes: (String) -> [(String, JSONValue?)] = { [("architectures", [.string($0)])] }
    let qwen2 = try keys(config(classes("Qwen2ForCausalLM")))
    #expect(qwen2.last == "qwen2.attention.value_length=128")
    let usual = try config(classes("Qwen2ForCausalLM") + [("head_dim", nil)])
    #expect(usual.headDimension == 64)
    #expect(try keys(usual).last == "qwen2.attention.layer_norm_rms_epsilon=1e-06")
    let llama = try config(classes("LlamaForCausalLM") + [("rope_theta", nil), ("head_dim", nil)])
    #expect(
      try keys(llama).suffix(6) == [
        "llama.rope.freq_base=10000.0", "llama.attention.layer_norm_rms_epsilon=1e-06",
        "llama.attention.key_length=64", "llama.attention.value_length=64",
        "llama.vocab_size=512", "llama.rope.dimension_count=64",
      ])
    #expect(try config([("head_dim", nil)]).headDimension == 128)
    #expect(try config([("architectures", nil)]).names.architecture == "qwen3")
    #expect(try config([("eos_token_id", [440, 438])]).endToken == 440)
  }

  @Test(
    "Directories of every layout hold the tensors of their model",
    arguments: ["micro", "micro-tied-edge"])
  func tensors(model: String) throws {
    for layout in ["fp16", "awq", "mlx"] {
      let model = try Model(opening: Fixture.path("\(model)/\(layout)"))
      let config = try ModelConfig(config: #require(model.config), tensors: model.tensors)
      try config.check(huggingFace: model.tensors)
    }
    let missing = try config([], without: ["model.norm.weight"])
    #expect(
      message { () throws(FormatError) in
        try missing.check(huggingFace: tensors.filter { $0.name != "model.norm.weight" })
      } == "tensor 'model.norm.weight': the tensor is needed and missing")
  }

  static let refusals: [(String, JSONValue?, FormatError.Code, String)] = [
    ("hidden_size", nil, .malformed, "c: 'hidden_size' is needed and missing"),
    ("hidden_size", .null, .malformed, "c: 'hidden_size' is needed and missing"),
    ("hidden_size", .number("128.0"), .malformed, "c: 'hidden_size' must be an integer, is 128.0"),
    ("hidden_size", 0, .malformed, "c: 'hidden_size' must be at least 1, is 0"),
    (
      "num_hidden_layers", 10_001, .limit,
      "c: 'num_hidden_layers' is 10001, the limit is 10000: --limit layers=N raises it"
    ),
    (
      "num_hidden_layers", 1_000_000_000, .limit,
      "c: 'num_hidden_layers' is 1000000000, the limit is 10000: no option raises it beyond 1048576"
    ),
    (
      "num_key_value_heads", 3, .malformed,
      "c: 'num_attention_heads' must be a multiple of 'num_key_value_heads': 2 and 3"
    ),
    (
      "rms_norm_eps", .number("1e-60"), .malformed, "c: 'rms_norm_eps' must be above zero, is 1e-60"
    ),
    (
      "rms_norm_eps", "1e-6", .malformed, "c: 'rms_norm_eps' must be a number, is the string '1e-6'"
    ),
    ("rope_theta", nil, .malformed, "c: 'rope_theta' is needed and missing"),
    ("rope_theta", .number("1e39"), .malformed, "c: 'rope_theta' must be finite in F32, is 1e39"),
    ("rope_scaling", 4, .malformed, "c: 'rope_scaling' must be an object, is 4"),
    (
      "rope_scaling", ["factor": 4], .malformed, "c: 'rope_scaling.rope_type' is needed and missing"
    ),
    (
      "rope_scaling", ["rope_type": "yarn", "factor": 4], .malformed,
      "c: 'rope_scaling.original_max_position_embeddings' is needed and missing"
    ),
    (
      "rope_scaling", ["rope_type": "llama3", "factor": 4], .unsupported,
      "c: 'rope_scaling.rope_type' must be default, linear or yarn, is 'llama3'"
    ),
    (
      "vocab_size", 511, .malformed,
      "c: 'vocab_size' is 511, the embedding has the shape [512, 128]"
    ),
    (
      "bos_token_id", 512, .malformed,
      "c: 'bos_token_id' must be an integer below the vocabulary's 512, is 512"
    ),
    (
      "architectures", ["Qwen3VLForConditionalGeneration"], .unsupported,
      "c: 'architectures' is 'Qwen3VLForConditionalGeneration', which is none of "
        + "Qwen3ForCausalLM, Qwen2ForCausalLM, LlamaForCausalLM"
    ),
  ]

  @Test("Each refusal names file and member", arguments: refusals)
  func refusal(name: String, value: JSONValue?, code: FormatError.Code, text: String) throws {
    #expect(throws: FormatError.self) { try config([(name, value)]) }
    do throws(FormatError) {
      _ = try config([(name, value)])
    } catch {
      #expect(error.code == code)
      #expect(error.description == text)
    }
  }

  @Test("A model without an output matrix must say that it has none")
  func untied() throws {
    #expect(
      message { () throws(FormatError) in _ = try config([], without: ["lm_head.weight"]) }
        == "c: 'tie_word_embeddings' must be true where there is no 'lm_head.weight', is false")
    #expect(
      try config([("tie_word_embeddings", true)], without: ["lm_head.weight"]).tiesEmbeddings)
    #expect(try !config([("tie_word_embeddings", true)]).tiesEmbeddings)
  }
}
