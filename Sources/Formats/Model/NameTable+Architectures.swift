extension NameTable {
  /// The table of an architecture, or `nil` where there is none.
  public static func table(for architecture: String) -> NameTable? {
    all.first { $0.architecture.utf8.elementsEqual(architecture.utf8) }
  }

  /// Every architecture whose tensors have the same values, in the same order, on both sides.
  public static let all = [qwen3]

  /// Qwen3, dense.
  public static let qwen3 = NameTable(
    architecture: "qwen3",
    modelClass: "Qwen3ForCausalLM",
    rows: [
      Row(embedding, "model.embed_tokens.weight", [.vocabulary, .hidden]),
      Row("output_norm.weight", "model.norm.weight", [.hidden]),
      Row(output, "lm_head.weight", [.vocabulary, .hidden], isOptional: true),
      Row("blk.N.attn_norm.weight", "model.layers.N.input_layernorm.weight", [.hidden]),
      Row("blk.N.attn_q.weight", "model.layers.N.self_attn.q_proj.weight", [.queries, .hidden]),
      Row("blk.N.attn_k.weight", "model.layers.N.self_attn.k_proj.weight", [.keyValues, .hidden]),
      Row("blk.N.attn_v.weight", "model.layers.N.self_attn.v_proj.weight", [.keyValues, .hidden]),
      Row("blk.N.attn_q_norm.weight", "model.layers.N.self_attn.q_norm.weight", [.head]),
      Row("blk.N.attn_k_norm.weight", "model.layers.N.self_attn.k_norm.weight", [.head]),
      Row(
        "blk.N.attn_output.weight", "model.layers.N.self_attn.o_proj.weight", [.hidden, .queries]),
      Row("blk.N.ffn_norm.weight", "model.layers.N.post_attention_layernorm.weight", [.hidden]),
      Row(
        "blk.N.ffn_gate.weight", "model.layers.N.mlp.gate_proj.weight", [.intermediate, .hidden]),
      Row("blk.N.ffn_up.weight", "model.layers.N.mlp.up_proj.weight", [.intermediate, .hidden]),
      Row(
        "blk.N.ffn_down.weight", "model.layers.N.mlp.down_proj.weight", [.hidden, .intermediate]),
    ],
    fused: [
      [
        "model.layers.N.self_attn.q_proj.weight", "model.layers.N.self_attn.k_proj.weight",
        "model.layers.N.self_attn.v_proj.weight",
      ],
      ["model.layers.N.mlp.gate_proj.weight", "model.layers.N.mlp.up_proj.weight"],
    ]
  )
}
