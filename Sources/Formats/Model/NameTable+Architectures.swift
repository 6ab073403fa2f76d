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
      inLayer("attn_norm", "input_layernorm", [.hidden]),
      inLayer("attn_q", "self_attn.q_proj", [.queries, .hidden]),
      inLayer("attn_k", "self_attn.k_proj", [.keyValues, .hidden]),
      inLayer("attn_v", "self_attn.v_proj", [.keyValues, .hidden]),
      inLayer("attn_q_norm", "self_attn.q_norm", [.head]),
      inLayer("attn_k_norm", "self_attn.k_norm", [.head]),
      inLayer("attn_output", "self_attn.o_proj", [.hidden, .queries]),
      inLayer("ffn_norm", "post_attention_layernorm", [.hidden]),
      inLayer("ffn_gate", "mlp.gate_proj", [.intermediate, .hidden]),
      inLayer("ffn_up", "mlp.up_proj", [.intermediate, .hidden]),
      inLayer("ffn_down", "mlp.down_proj", [.hidden, .intermediate]),
    ],
    fused: [
      ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"].map(layerWeight),
      ["mlp.gate_proj", "mlp.up_proj"].map(layerWeight),
    ]
  )

  private static func inLayer(
    _ gguf: String, _ huggingFace: String, _ shape: [Dimension]
  ) -> Row {
    Row(NamePattern("blk.N.\(gguf).weight"), layerWeight(huggingFace), shape)
  }

  private static func layerWeight(_ module: String) -> NamePattern {
    NamePattern("model.layers.N.\(module).weight")
  }
}
