/// What `config.json` says about a model, as far as a GGUF file knows it; Specs/names.md §3.
public struct ModelConfig: Sendable {
  /// The names of its tensors, and with them its architecture.
  public let names: NameTable
  /// `num_hidden_layers`.
  public let layerCount: Int
  /// `hidden_size`.
  public let hiddenSize: Int
  /// `intermediate_size`.
  public let intermediateSize: Int
  /// `num_attention_heads`.
  public let headCount: Int
  /// `num_key_value_heads`.
  public let keyValueHeadCount: Int
  /// `head_dim`.
  public let headDimension: Int
  /// `vocab_size`: the rows of the embedding.
  public let vocabularySize: Int
  /// `max_position_embeddings`.
  public let contextLength: Int
  /// `rms_norm_eps`.
  public let normEpsilon: GGUFFloat
  /// `rope_theta`.
  public let ropeTheta: GGUFFloat
  /// `rope_scaling`, or `nil` where positions are not scaled.
  public let ropeScaling: RopeScaling?
  /// `tie_word_embeddings`: the file has no output matrix of its own.
  public let tiesEmbeddings: Bool
  /// `bos_token_id`.
  public let beginToken: Int?
  /// `eos_token_id`.
  public let endToken: Int?
  /// `pad_token_id`.
  public let paddingToken: Int?
  /// Keys of the architecture that have no place in `config.json`; the caller may want to tell.
  public let ignoredKeys: [String]
}

extension ModelConfig {
  /// The size that a dimension has in this model.
  public func size(of dimension: NameTable.Dimension) -> Int {
    switch dimension {
    case .vocabulary: vocabularySize
    case .hidden: hiddenSize
    case .intermediate: intermediateSize
    // Cannot overflow: both factors are below the ceilings of ``Limit``.
    case .queries: headCount * headDimension
    case .keyValues: keyValueHeadCount * headDimension
    case .head: headDimension
    }
  }

  /// The shape that a tensor of this row must have, outermost size first.
  public func shape(of row: NameTable.Row) -> [Int] { row.shape.map(size(of:)) }
}
