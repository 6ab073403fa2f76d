extension ModelConfig {
  /// The version of transformers in whose manner the files are written.
  static let transformersVersion = "4.57.1"

  /// `config.json` of a repository in that layout.
  ///
  /// The members and their order are those of transformers 4, which 5 reads as well; what a GGUF
  /// file cannot know is Qwen3's own default (Specs/names.md §5).
  public func configJSON(_ layout: RepositoryLayout) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("architectures", [.string(names.modelClass)])
    ]
    // Qwen2 always has biases, and no member that says so.
    if names.match(gguf: "blk.0.attn_q.bias") == nil {
      members.append(.init("attention_bias", false))
    }
    members.append(.init("attention_dropout", .number("0.0")))
    if let beginToken { members.append(.init("bos_token_id", .integer(beginToken))) }
    if let endToken { members.append(.init("eos_token_id", .integer(endToken))) }
    members += shapeMembers + ropeMembers
    members += [
      .init("sliding_window", .null),
      .init("tie_word_embeddings", .bool(tiesEmbeddings)),
      .init("torch_dtype", "float16"),
      .init("transformers_version", .string(Self.transformersVersion)),
      .init("use_cache", true),
      .init("use_sliding_window", false),
      .init("vocab_size", .integer(vocabularySize)),
    ]
    return .object(members + layout.configMembers)
  }

  private var shapeMembers: [JSONValue.Member] {
    [
      .init("head_dim", .integer(headDimension)),
      .init("hidden_act", "silu"),
      .init("hidden_size", .integer(hiddenSize)),
      .init("initializer_range", .number("0.02")),
      .init("intermediate_size", .integer(intermediateSize)),
      .init("max_position_embeddings", .integer(contextLength)),
      .init("max_window_layers", .integer(layerCount)),
      .init("model_type", .string(names.architecture)),
      .init("num_attention_heads", .integer(headCount)),
      .init("num_hidden_layers", .integer(layerCount)),
      .init("num_key_value_heads", .integer(keyValueHeadCount)),
      .init("rms_norm_eps", normEpsilon.decimal),
    ]
  }

  /// Scaling goes in twice: as `rope_scaling` for transformers 4 and engines that follow it, and as
  /// `rope_parameters` for those that follow 5. Both read a file that has both, to equal effect.
  private var ropeMembers: [JSONValue.Member] {
    guard let ropeScaling else {
      return [.init("rope_scaling", .null), .init("rope_theta", ropeTheta.decimal)]
    }
    let theta = JSONValue.Member("rope_theta", ropeTheta.decimal)
    return [
      .init("rope_parameters", .object([theta] + ropeScaling.members)),
      .init("rope_scaling", .object(ropeScaling.members)),
      theta,
    ]
  }
}
