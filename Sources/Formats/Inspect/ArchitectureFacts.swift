extension Inspection {
  /// What kind of model it is, and its sizes; `nil` for what its files do not say.
  public struct ArchitectureFacts: Sendable, Hashable {
    /// The architecture: `qwen3`.
    public let name: String?
    /// What the model is called.
    public let modelName: String?
    /// Layers.
    public let layerCount: Int?
    /// Width of the residual stream.
    public let hiddenSize: Int?
    /// Width within the feed-forward block.
    public let intermediateSize: Int?
    /// Query heads.
    public let headCount: Int?
    /// Heads of keys and values.
    public let keyValueHeadCount: Int?
    /// Width of a head.
    public let headDimension: Int?
    /// Rows of the embedding.
    public let vocabularySize: Int?
    /// Positions.
    public let contextLength: Int?
    /// Whether the embedding serves as the output matrix too.
    public let tiesEmbeddings: Bool?

    init(_ model: Model) { self.init(model, model.tensors.map { TensorFacts.Role($0) }) }

    /// - Parameter roles: What each tensor of the model is for.
    init(_ model: Model, _ roles: [TensorFacts.Role]) {
      let source = FactSource(model)
      name = source.architecture
      modelName = source.text("general.name", "_name_or_path")
      layerCount = source.number("block_count", "num_hidden_layers")
      hiddenSize = source.number("embedding_length", "hidden_size")
      intermediateSize = source.number("feed_forward_length", "intermediate_size")
      headCount = source.number("attention.head_count", "num_attention_heads")
      keyValueHeadCount =
        source.number("attention.head_count_kv", "num_key_value_heads") ?? headCount
      let (heads, width) = (headCount, hiddenSize)
      headDimension =
        source.number("attention.key_length", "head_dim")
        ?? heads.flatMap { heads in width.map { $0 / heads } }
      let embedding = roles.firstIndex(of: .embedding).map { model.tensors[$0] }
      let hasOutput = roles.contains(.output)
      vocabularySize =
        embedding?.shape.first ?? source.number("vocab_size", "vocab_size")
      contextLength = source.number("context_length", "max_position_embeddings")
      tiesEmbeddings = source.tiesEmbeddings ?? (embedding == nil ? nil : !hasOutput)
    }
  }
}

/// A model's own statements, from GGUF keys or from `config.json`. What is not as it should be counts
/// as not said: an inspection goes on.
private struct FactSource {
  let architecture: String?
  private let metadata: GGUFMetadata?
  private let configs: [JSONValue]

  init(_ model: Model) {
    metadata = model.gguf?.metadata
    // Multimodal models keep the language model's sizes in a member of their own.
    configs = [model.config, model.config?["text_config"]].compactMap(\.self)
    let texts = [JSONValue?](configs.reversed().map { $0["model_type"] })
    architecture =
      metadata.flatMap { try? $0.string("general.architecture") }
      ?? texts.lazy.compactMap { $0?.text }.first
  }

  /// A count above zero.
  func number(_ key: String, _ member: String) -> Int? {
    var value: Int?
    if let metadata, let architecture {
      value = (try? metadata.integer("\(architecture).\(key)")) ?? nil
    }
    for case .integer(let number)? in configs.map({ $0[member] }) where value == nil {
      value = number
    }
    return value.flatMap { $0 > 0 ? $0 : nil }
  }

  func text(_ key: String, _ member: String) -> String? {
    let own = metadata.flatMap { (try? $0.string(key)) ?? nil }
    let text = own ?? configs.lazy.compactMap { $0[member]?.text }.first
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What `config.json` says; a GGUF file says it by having no output matrix.
  var tiesEmbeddings: Bool? {
    for case .bool(let isTied)? in configs.map({ $0["tie_word_embeddings"] }) { return isTied }
    return nil
  }
}

extension JSONValue {
  /// The text of a string.
  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}
