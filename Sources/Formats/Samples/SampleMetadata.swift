extension SampleShape {
  /// What llama.cpp's converter and quantizer write for a model of this shape, in their order.
  func metadata(seed: UInt64) -> GGUFMetadata {
    let vocabulary = SampleVocabulary(
      size: vocabularySize,
      mergeCount: min(vocabularySize - 256 - SampleVocabulary.specialCount, mergeLimit))
    return GGUFMetadata(
      general(seed: seed) + architecture() + tokenizer(vocabulary) + [
        .init("general.quantization_version", .uint32(2)),
        .init("general.file_type", .uint32(40)),
      ])
  }

  /// The small shape keeps room for padding tokens, as the fixtures do.
  private var mergeLimit: Int { self == .micro ? 182 : .max }

  private func general(seed: UInt64) -> [GGUFMetadata.Entry] {
    [
      .init("general.architecture", .string(ByteString("qwen3"))),
      .init("general.type", .string(ByteString("model"))),
      .init("general.sampling.top_k", .int32(20)),
      .init("general.sampling.top_p", .float32(0.95)),
      .init("general.sampling.temp", .float32(0.6)),
      .init("general.name", .string(ByteString("Bonsai sample \(name), seed \(seed)"))),
      .init(
        "general.description",
        .string(ByteString("Random signs and scales in the shape of a model. It says nothing."))),
      .init("general.size_label", .string(ByteString(name.uppercased()))),
    ]
  }

  private func architecture() -> [GGUFMetadata.Entry] {
    var entries: [GGUFMetadata.Entry] = [
      .init("qwen3.block_count", .uint32(UInt32(layerCount))),
      .init("qwen3.context_length", .uint32(UInt32(contextLength))),
      .init("qwen3.embedding_length", .uint32(UInt32(hiddenSize))),
      .init("qwen3.feed_forward_length", .uint32(UInt32(intermediateSize))),
      .init("qwen3.attention.head_count", .uint32(UInt32(headCount))),
      .init("qwen3.attention.head_count_kv", .uint32(UInt32(keyValueHeadCount))),
    ]
    if let originalContextLength {
      entries += [
        .init("qwen3.rope.scaling.type", .string(ByteString("yarn"))),
        .init(
          "qwen3.rope.scaling.factor",
          .float32(Float(contextLength) / Float(originalContextLength))),
        .init(
          "qwen3.rope.scaling.original_context_length", .uint32(UInt32(originalContextLength))),
      ]
    }
    return entries + [
      .init("qwen3.rope.freq_base", .float32(1_000_000)),
      .init("qwen3.attention.layer_norm_rms_epsilon", .float32(1e-6)),
      .init("qwen3.attention.key_length", .uint32(UInt32(headDimension))),
      .init("qwen3.attention.value_length", .uint32(UInt32(headDimension))),
    ]
  }

  private func tokenizer(_ vocabulary: SampleVocabulary) -> [GGUFMetadata.Entry] {
    [
      .init("tokenizer.ggml.model", .string(ByteString("gpt2"))),
      .init("tokenizer.ggml.pre", .string(ByteString("qwen2"))),
      .init("tokenizer.ggml.tokens", .array(GGUFArray(vocabulary.tokens.map(ByteString.init)))),
      .init("tokenizer.ggml.token_type", .array(GGUFArray(vocabulary.types))),
      .init("tokenizer.ggml.merges", .array(GGUFArray(vocabulary.merges.map(ByteString.init)))),
      .init("tokenizer.ggml.eos_token_id", .uint32(vocabulary.endOfTurn)),
      .init("tokenizer.ggml.padding_token_id", .uint32(vocabulary.endOfText)),
      .init("tokenizer.ggml.bos_token_id", .uint32(vocabulary.endOfText)),
      .init("tokenizer.ggml.add_bos_token", .bool(false)),
      .init("tokenizer.ggml.add_eos_token", .bool(false)),
      .init("tokenizer.chat_template", .string(ByteString(Self.chatTemplate))),
    ]
  }

  private static let chatTemplate =
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content"
    + " + '<|im_end|>\\n' }}{%- endfor %}"
    + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
}
