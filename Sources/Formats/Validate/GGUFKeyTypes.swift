/// The types in which llama.cpp reads keys: it ends with an error where a key has another integer
/// type than its own, whatever the number.
enum GGUFKeyTypes {
  /// Keys that follow the architecture and a dot.
  private static let ofArchitecture: [(key: String, kind: GGUFValue.Kind)] = [
    ("block_count", .uint32), ("context_length", .uint32), ("embedding_length", .uint32),
    ("vocab_size", .uint32), ("feed_forward_length", .uint32),
    ("attention.head_count", .uint32), ("attention.head_count_kv", .uint32),
    ("attention.key_length", .uint32), ("attention.value_length", .uint32),
    ("attention.layer_norm_rms_epsilon", .float32), ("rope.dimension_count", .uint32),
    ("rope.freq_base", .float32), ("rope.scaling.type", .string),
    ("rope.scaling.factor", .float32), ("rope.scaling.original_context_length", .uint32),
  ]

  private static let others: [(key: String, kind: GGUFValue.Kind)] = [
    ("general.file_type", .uint32), ("split.no", .uint16), ("split.count", .uint16),
    ("split.tensors.count", .int32), ("tokenizer.ggml.model", .string),
    ("tokenizer.ggml.pre", .string), ("tokenizer.ggml.bos_token_id", .uint32),
    ("tokenizer.ggml.eos_token_id", .uint32), ("tokenizer.ggml.padding_token_id", .uint32),
    ("tokenizer.ggml.unknown_token_id", .uint32), ("tokenizer.ggml.add_bos_token", .bool),
    ("tokenizer.ggml.add_eos_token", .bool), ("tokenizer.ggml.add_space_prefix", .bool),
  ]

  static func check(_ metadata: GGUFMetadata, _ findings: inout Findings) {
    var keys = others
    // No key is longer than that, and each would be a copy.
    if case .string(let name)? = metadata["general.architecture"],
      name.bytes.count <= Limit.ggufKeyLength.standard, let architecture = name.text
    {
      keys += ofArchitecture.map { (architecture + "." + $0.key, $0.kind) }
    }
    for (key, kind) in keys {
      // Some numbers may be given for each layer.
      guard let value = metadata[key], value.kind != kind, value.kind != .array else { continue }
      findings.add(
        .ggufKeyType,
        FormatError(
          .unsupported,
          "metadata key '\(key.quoted())' is \(value.shown), llama.cpp reads a \(kind.name)"))
    }
  }
}
