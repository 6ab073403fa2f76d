extension NameTable {
  /// The table of an architecture, or `nil` where there is none.
  public static func table(for architecture: String) -> NameTable? {
    all.first { $0.architecture.utf8.elementsEqual(architecture.utf8) }
  }

  /// Every architecture that is known.
  public static let all = [qwen3, qwen2, llama]

  /// Qwen3, dense.
  public static let qwen3 = NameTable(
    architecture: "qwen3", modelClass: "Qwen3ForCausalLM",
    rows: outer + attention() + [
      inLayer("attn_q_norm.weight", "self_attn.q_norm.weight", [.head]),
      inLayer("attn_k_norm.weight", "self_attn.k_norm.weight", [.head]),
    ] + feedForward, fused: fused)

  /// Qwen2 and Qwen2.5, dense.
  public static let qwen2 = NameTable(
    architecture: "qwen2", modelClass: "Qwen2ForCausalLM",
    rows: outer + attention() + [
      inLayer("attn_q.bias", "self_attn.q_proj.bias", [.queries]),
      inLayer("attn_k.bias", "self_attn.k_proj.bias", [.keyValues]),
      inLayer("attn_v.bias", "self_attn.v_proj.bias", [.keyValues]),
    ] + feedForward, fused: fused)

  /// Llama, dense and without biases.
  public static let llama = NameTable(
    architecture: "llama", modelClass: "LlamaForCausalLM",
    rows: outer
      + attention(
        queries: .pairsWithinHeads(.query), keys: .pairsWithinHeads(.keyValue)) + feedForward,
    fused: fused)

  private static let outer = [
    Row(embedding, "model.embed_tokens.weight", [.vocabulary, .hidden]),
    Row("output_norm.weight", "model.norm.weight", [.hidden]),
    Row(output, "lm_head.weight", [.vocabulary, .hidden], isOptional: true),
  ]

  private static func attention(queries: RowOrder = .same, keys: RowOrder = .same) -> [Row] {
    [
      inLayer("attn_norm.weight", "input_layernorm.weight", [.hidden]),
      inLayer("attn_q.weight", "self_attn.q_proj.weight", [.queries, .hidden], queries),
      inLayer("attn_k.weight", "self_attn.k_proj.weight", [.keyValues, .hidden], keys),
      inLayer("attn_v.weight", "self_attn.v_proj.weight", [.keyValues, .hidden]),
      inLayer("attn_output.weight", "self_attn.o_proj.weight", [.hidden, .queries]),
    ]
  }

  private static let feedForward = [
    inLayer("ffn_norm.weight", "post_attention_layernorm.weight", [.hidden]),
    inLayer("ffn_gate.weight", "mlp.gate_proj.weight", [.intermediate, .hidden]),
    inLayer("ffn_up.weight", "mlp.up_proj.weight", [.intermediate, .hidden]),
    inLayer("ffn_down.weight", "mlp.down_proj.weight", [.hidden, .intermediate]),
  ]

  static let fused: [[NamePattern]] = [
    [
      "model.layers.N.self_attn.q_proj.weight", "model.layers.N.self_attn.k_proj.weight",
      "model.layers.N.self_attn.v_proj.weight",
    ],
    ["model.layers.N.mlp.gate_proj.weight", "model.layers.N.mlp.up_proj.weight"],
  ]

  private static func inLayer(
    _ gguf: String, _ huggingFace: String, _ shape: [Dimension], _ rowOrder: RowOrder = .same
  ) -> Row {
    Row(
      NamePattern("blk.N." + gguf), NamePattern("model.layers.N." + huggingFace), shape,
      rowOrder: rowOrder)
  }
}
