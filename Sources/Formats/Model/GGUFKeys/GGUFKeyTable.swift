/// Which keys of its own an architecture has in a GGUF file, in the order of llama.cpp's converter,
/// and what transformers assumes where `config.json` is silent; Specs/names.md §7.
struct GGUFKeyTable: Sendable {
  /// A key without its architecture, and what of a model is its value.
  struct Row: Sendable {
    enum Value: Sendable {
      case count(Int)
      case float(GGUFFloat)
      case text(String)
    }

    let key: String
    let value: @Sendable (ModelConfig) -> Value?

    static func count(_ key: String, _ count: @escaping @Sendable (ModelConfig) -> Int?) -> Row {
      Row(key: key) { count($0).map(Value.count) }
    }

    static func float(
      _ key: String, _ float: @escaping @Sendable (ModelConfig) -> GGUFFloat?
    ) -> Row {
      Row(key: key) { float($0).map(Value.float) }
    }
  }

  let architecture: String
  /// `head_dim` where `config.json` has none; `nil` for the hidden size divided by the heads.
  var headDimension: Int?
  /// `rope_theta` where `config.json` has none; `nil` where it must have one.
  var ropeTheta: GGUFFloat?
  /// The keys before `general.file_type`.
  let rows: [Row]
  /// The keys after it.
  var rowsAfterFileType: [Row] = []
  /// Whether `add_prefix_space` of `tokenizer_config.json` is a key.
  var keepsSpacePrefix = false
}

extension GGUFKeyTable {
  /// The table of an architecture.
  static func table(for names: NameTable) -> GGUFKeyTable {
    all.first { $0.architecture == names.architecture }
      ?? GGUFKeyTable(architecture: names.architecture, rows: shape + rope)
  }

  static let all = [
    GGUFKeyTable(architecture: "qwen3", headDimension: 128, rows: shape + rope + heads),
    // Its configuration has no head_dim unless that is an unusual one.
    GGUFKeyTable(architecture: "qwen2", rows: shape + rope + unusualHeads),
    GGUFKeyTable(
      architecture: "llama", ropeTheta: .double(10_000), rows: shape + rope + heads,
      rowsAfterFileType: [
        .count("vocab_size") { $0.vocabularySize },
        .count("rope.dimension_count") { $0.headDimension },
      ], keepsSpacePrefix: true),
  ]

  private static let shape: [Row] = [
    .count("block_count") { $0.layerCount },
    .count("context_length") { $0.contextLength },
    .count("embedding_length") { $0.hiddenSize },
    .count("feed_forward_length") { $0.intermediateSize },
    .count("attention.head_count") { $0.headCount },
    .count("attention.head_count_kv") { $0.keyValueHeadCount },
  ]

  private static let rope: [Row] = [
    Row(key: "rope.scaling.type") { ($0.ropeScaling?.type).map(Row.Value.text) },
    .float("rope.scaling.factor") { $0.ropeScaling?.factor },
    .count("rope.scaling.original_context_length") { $0.ropeScaling?.originalContextLength },
    .float("rope.scaling.yarn_ext_factor") { $0.ropeScaling?.parameter("extrapolation_factor") },
    .float("rope.scaling.yarn_attn_factor") { $0.ropeScaling?.parameter("attention_factor") },
    .float("rope.scaling.yarn_beta_fast") { $0.ropeScaling?.parameter("beta_fast") },
    .float("rope.scaling.yarn_beta_slow") { $0.ropeScaling?.parameter("beta_slow") },
    .float("rope.freq_base") { $0.ropeTheta },
    .float("attention.layer_norm_rms_epsilon") { $0.normEpsilon },
  ]

  private static let heads: [Row] = [
    .count("attention.key_length") { $0.headDimension },
    .count("attention.value_length") { $0.headDimension },
  ]

  private static let unusualHeads = heads.map { row in
    Row(key: row.key) { $0.headDimension * $0.headCount == $0.hiddenSize ? nil : row.value($0) }
  }
}

extension GGUFKeyTable.Row {
  /// The entry of a model, or `nil` where the model has none.
  func entry(_ config: ModelConfig) throws(FormatError) -> GGUFMetadata.Entry? {
    let key = config.names.architecture + "." + key
    switch value(config) {
    case nil: return nil
    case .count(let count):
      guard let number = UInt32(exactly: count) else {
        throw Limit.exceededInWriting("'\(key)' is \(count)", Int(UInt32.max))
      }
      return .init(key, .uint32(number))
    case .float(let float): return .init(key, .float32(float.asSingle))
    case .text(let text): return .init(key, .string(ByteString(text)))
    }
  }
}
