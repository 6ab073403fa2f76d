@testable import Formats

extension Provocation {
  static let configurations = documents + configTensors + engines

  private static let documents = [
    Provocation("CFG001") { try $0.copy("micro/fp16", as: "model", leavingOut: ["config.json"]) },
    Provocation("CFG002") { folder in
      let path = try folder.copy("micro/fp16", as: "model", leavingOut: ["config.json"])
      try folder.write("model/config.json", Array("{".utf8))
      return path
    },
    directory("CFG003") { $0.set("hidden_size", nil) },
    directory("CFG003") { $0.set("num_attention_heads", 0) },
    model("CFG003") { $0.set([("qwen3.block_count", nil)]) },
    model("CFG003") { $0.set([("qwen3.rope.freq_base", .float32(0))]) },
    model("CFG003") { $0.set([("qwen3.attention.value_length", .uint32(64))]) },
    model("CFG003") { $0.set([("general.name", .uint32(1))]) },
    directory("CFG003") { $0.set("rope_theta", "high") },
    Provocation("CFG002") { folder in
      let path = try folder.copy("micro/fp16", as: "model", leavingOut: ["config.json"])
      try folder.write("model/config.json", Array("[1]".utf8))
      return path
    },
    directory("CFG003") { $0.set("tie_word_embeddings", "yes") },
    directory("CFG003", "micro/awq") { $0.setQuantization("group_size", "128") },
    directory("CFG003", "micro/awq") { $0.setQuantization("bits", "4") },
    directory("CFG003", "micro/awq") { $0.setQuantization("zero_point", 1) },
    directory("CFG003", "micro/mlx") {
      $0.set("quantization", ["bits": true, "group_size": .number("128.0")])
    },
    directory("CFG004") { $0.set("architectures", ["GPT2LMHeadModel"]) },
    model("CFG004") { $0.set([("general.architecture", .string(ByteString("mamba")))]) },
    model("CFG005", for: .llamaCpp) { $0.set([("qwen3.rope.freq_base", nil)]) },
    directory("CFG005") { $0.set("rope_theta", nil) },
    directory("CFG006") { $0.set("vocab_size", 511) },
    model("CFG006") { $0.set([("qwen3.vocab_size", .uint32(511))]) },
    directory("CFG007", "micro-tied-edge/fp16") { $0.set("tie_word_embeddings", false) },
    directory("CFG008") { $0.set("tie_word_embeddings", true) },
  ]

  private static let configTensors = [
    directory("CFG009") { $0.edit("model.norm.weight") { $0.name = "model.norm.other" } },
    model("CFG009", for: .llamaCpp) {
      $0.edit("output_norm.weight") { $0.name = "output_norm.other" }
    },
    directory("CFG010") { $0.set("num_hidden_layers", 1) },
    directory("CFG011") { $0.set("intermediate_size", 128) },
    model("CFG011") { $0.set([("qwen3.feed_forward_length", .uint32(128))]) },
    directory("CFG012") { $0.tensors.removeAll { $0.name == "model.norm.weight" } },
    model("CFG012") { $0.tensors.removeAll { $0.name == "blk.1.ffn_up.weight" } },
    directory("CFG013", "micro/awq") {
      $0.set("quantization_config", $0.config["quantization_config"]?.with("version", "gemv"))
    },
    directory("CFG014", "micro/awq") { $0.set("quantization_config", nil) },
    directory("CFG014", "micro/awq") {
      $0.set("quantization_config", nil)
      $0.set("quantization", ["bits": 1, "group_size": 128])
    },
    directory("CFG021") {
      $0.edit("model.norm.weight") {
        $0.type = .i16
      }
    },
    model("CFG021") {
      $0.edit("output_norm.weight") {
        $0.become(GGMLType(26, .i32), $0.shape, repeating: [0, 0, 0, 0])
      }
    },
  ]

  private static let engines =
    [
      model("CFG015", for: .mlx) { _ in },
      model("CFG015", for: .transformers) { _ in },
      model("CFG015", for: .vllm) { _ in },
      directory("CFG015", for: .llamaCpp) { _ in },
      directory("CFG015", for: .mlx, "micro/awq") { _ in },
      directory("CFG015", for: .vllm, "micro/mlx") { _ in },
      directory("CFG016", for: .vllm, "micro/awq") { $0.set("architectures", nil) },
      directory("CFG017", for: .transformers) { $0.set("model_type", nil) },
      directory("CFG018", for: .mlx, "micro/mlx") { $0.set("head_dim", nil) },
      directory("CFG018", for: .mlx, "micro/mlx") { $0.set("rope_theta", nil) },
      directory("CFG016", for: .vllm) { $0.set("architectures", []) },
      directory("CFG018", for: .mlx, "micro/mlx") { $0.set("quantization", ["bits": 1]) },
      directory("CFG017", for: .mlx) { $0.set("model_type", 3) },
      directory("CFG017", for: .transformers) { $0.set("model_type", "llama") },
      directory("CFG017", for: .vllm) { $0.set("model_type", .null) },
      directory("CFG016", for: .vllm) { $0.set("architectures", "Qwen3ForCausalLM") },
      directory("CFG019", for: .vllm, "micro/awq") { $0.set("torch_dtype", "bfloat16") },
    ] + sampling

  private static let sampling =
    [Float.nan, .infinity, -.infinity].map { value in
      model("CFG020") { $0.set([("general.sampling.temp", .float32(value))]) }
    }
    + [#""temperature":1e999"#, #""top_k":2147483648"#, #""top_p":"high""#].map {
      document("CFG020", "generation_config.json", "{\($0)}")
    }

  /// A directory with another document in it.
  private static func document(_ id: String, _ name: String, _ text: String) -> Provocation {
    Provocation(id) { folder in
      let path = try folder.copy("micro/fp16", as: "model", leavingOut: [name])
      try folder.write("model/\(name)", Array(text.utf8))
      return path
    }
  }

  static let tokenizers =
    [
      model("TOK001", for: .llamaCpp) { $0.set([("tokenizer.ggml.tokens", nil)]) },
      model("TOK002", for: .llamaCpp) { $0.set([("tokenizer.ggml.merges", nil)]) },
      model("TOK003", for: .llamaCpp) { $0.set([("tokenizer.ggml.pre", nil)]) },
      model("TOK004", for: .llamaCpp) { $0.set([("tokenizer.ggml.token_type", nil)]) },
      model("TOK005") { gguf in
        gguf.edit("token_embd.weight") {
          $0.shape = [511, 128]
          $0.bytes.removeLast(18)
        }
      },
      model("TOK006") { $0.set([("tokenizer.ggml.eos_token_id", .uint32(512))]) },
      model("TOK010") { $0.set([("tokenizer.ggml.unknown_token_id", .uint32(512))]) },
      model("TOK010") { $0.set([("tokenizer.ggml.fim_pre_token_id", .string(ByteString("x")))]) },
      model("TOK009") { $0.set([("tokenizer.ggml.pre", .string(ByteString("strange")))]) },
      directory("TOK006") { $0.set("eos_token_id", 512) },
      directory("TOK006") { $0.set("eos_token_id", [1, 512]) },
      Provocation("TOK007", for: .mlx) {
        try $0.copy("micro/mlx", as: "model", leavingOut: ["tokenizer.json"])
      },
    ] + tokenizerFiles

  private static let tokenizerFiles =
    [
      "[]", #"{"model":{}}"#, #"{"model":{"vocab":{"a":512},"merges":["a b"]}}"#,
      #"{"added_tokens":[{"id":1,"content":"x"}],"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#,
      // What is wrong is said, and not what a GGUF could not say.
      #"{"normalizer":{"type":"Lowercase"},"added_tokens":[{"id":1,"content":"x"}],"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#,
    ].map { document("TOK008", "tokenizer.json", $0) }
    + [
      document(
        "TOK008", "tokenizer_config.json", #"{"added_tokens_decoder":{"512":{"content":"x"}}}"#),
      document("TOK006", "generation_config.json", #"{"eos_token_id":[1,512]}"#),
      document("TOK006", "generation_config.json", #"{"pad_token_id":-2}"#),
      document("TOK006", "generation_config.json", #"{"bos_token_id":"1"}"#),
    ]
    + [
      #"{"model":{"type":"BPE","vocab":{"a":1},"merges":[]}}"#,
      #"{"model":{"type":"Unigram","vocab":[["a",0]]}}"#,
      #"{"model":{"byte_fallback":true,"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#,
      #"{"normalizer":{"type":"Lowercase"},"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#,
      #"{"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#,
    ].map { document("TOK009", "tokenizer.json", $0) }
}
