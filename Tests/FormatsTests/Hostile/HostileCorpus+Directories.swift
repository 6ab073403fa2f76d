@testable import Formats

// Directories: config.json, tokenizers, quantized arrays; each fault in three models.
extension HostileCorpus {
  /// A changed directory, planned as a GGUF.
  private static func bad(
    _ code: FormatError.Code, _ said: String,
    _ fixtures: [String] = ["micro/fp16", "micro/awq", "micro/mlx", "micro-tied-edge/fp16"],
    to target: ConversionTarget = .gguf,
    _ change: @escaping @Sendable (inout EditedDirectory) -> Void
  ) -> [HostileCase] {
    fixtures.map { fixture in
      HostileCase("directory \(fixture)", code, said) { folder in
        var directory = try EditedDirectory(fixture)
        change(&directory)
        let path = try directory.write(to: folder)
        _ = try Conversion(of: Model(opening: path), to: target)
      }
    }
  }

  private static func config(
    _ code: FormatError.Code, _ said: String, _ changes: [(String, JSONValue?)]
  ) -> [HostileCase] {
    bad(code, said) { directory in
      for (name, value) in changes { directory.set(name, value) }
    }
  }

  static let configurations = configurationValues + configurationModels + configurationFiles

  private static let configurationValues =
    config(.malformed, "'num_hidden_layers' is needed and missing", [("num_hidden_layers", nil)])
    + config(.malformed, "'hidden_size' must be an integer", [("hidden_size", "128")])
    + config(.malformed, "'hidden_size' must be an integer", [("hidden_size", true)])
    + config(.malformed, "must be at least 1, is 0", [("num_attention_heads", 0)])
    + config(.malformed, "must be at least 1, is -1", [("vocab_size", -1)])
    + config(.limit, "--limit layers=N raises it", [("num_hidden_layers", 10_001)])
    + config(.limit, "--limit width=N raises it", [("intermediate_size", .integer(1 << 25))])
    + config(.limit, "--limit heads=N raises it", [("num_key_value_heads", .integer(1 << 20))])
    + config(
      .limit, "--limit context=N raises it", [("max_position_embeddings", .integer(1 << 50))])
    + config(.malformed, "'rms_norm_eps' must be a number", [("rms_norm_eps", "1e-6")])
    + config(.malformed, "'rms_norm_eps' must be above zero", [("rms_norm_eps", 0)])
    + config(.malformed, "'rope_theta' must be finite in F32", [("rope_theta", .number("1e400"))])
    + config(.malformed, "'rms_norm_eps' is needed and missing", [("rms_norm_eps", nil)])
    + config(
      .malformed, "must be a multiple of 'num_key_value_heads'", [("num_key_value_heads", 3)])
    + config(.malformed, "'vocab_size' is 511, the embedding has the shape", [("vocab_size", 511)])
    + config(
      .malformed, "must be an integer below the vocabulary's", [("eos_token_id", .integer(1 << 40))]
    )
    + config(
      .limit, "is 8589934592, at most 4294967295 are written",
      [("max_position_embeddings", .integer(1 << 33))])
    + config(
      .malformed, "must, without 'head_dim', be a multiple of the heads: 128 and 3",
      [
        ("architectures", ["LlamaForCausalLM"]), ("head_dim", nil), ("num_attention_heads", 3),
        ("num_key_value_heads", 3),
      ])
    + config(.malformed, "'rope_scaling' must be an object", [("rope_scaling", [1])])
    + config(.malformed, "'rope_scaling.rope_type' is needed", [("rope_scaling", ["factor": 4])])
    + config(
      .malformed, "'rope_scaling.factor' is needed", [("rope_scaling", ["rope_type": "linear"])])
    + config(
      .unsupported, "must be default, linear or yarn, is 'llama3'",
      [("rope_scaling", ["rope_type": "llama3"])])
    + config(
      .unsupported, "is not known: layers differ in it",
      [("rope_parameters", ["full_attention": [:]])])

  private static let configurationModels =
    config(
      .unsupported, "'architectures' is 'GemmaForCausalLM', which is none of",
      [("architectures", ["GemmaForCausalLM"])])
    + config(
      .unsupported, "'model_type' is 'gemma'", [("architectures", nil), ("model_type", "gemma")])
    + config(
      .malformed, "'architectures' is needed and missing",
      [("architectures", nil), ("model_type", nil)])
    + config(
      .malformed, "'model_type' must be a string", [("architectures", nil), ("model_type", 3)])
    + config(.malformed, "the model has 1 layers", [("num_hidden_layers", 1)])
    + config(.malformed, "the tensor is needed and missing", [("num_hidden_layers", 3)])
    + config(.malformed, "needed the shape", [("head_dim", 64)])
    + config(
      .unsupported, "the weights are quantized by 'gptq'",
      [("quantization", nil), ("quantization_config", ["quant_method": "gptq"])])
    + bad(
      .malformed, "tensor 'model.embed_tokens.weight' is needed and missing",
      ["micro/fp16", "micro/awq", "micro-tied-edge/awq"]
    ) {
      $0.tensors.removeAll { $0.name == "model.embed_tokens.weight" }
    }
    + bad(
      .malformed, "must be true where there is no 'lm_head.weight'",
      ["micro/fp16", "micro/awq", "micro-tied-edge/awq"]
    ) {
      $0.tensors.removeAll { $0.name == "lm_head.weight" }
      $0.set("tie_word_embeddings", false)
    }
    + bad(
      .unsupported, "has no tensor of this name", ["micro/fp16", "micro/awq", "micro/mlx"]
    ) {
      $0.tensors.append(.init(name: "model.extra.weight", type: .f16, shape: [1], bytes: [0, 0]))
    }
    + bad(
      .unsupported, "the tensor is of a vision tower", ["micro/fp16", "micro/awq", "micro/mlx"],
      to: .fp16
    ) {
      $0.set("architectures", ["OtherForCausalLM"])
      $0.tensors.append(.init(name: "visual.a", type: .f16, shape: [1], bytes: [0, 0]))
    }

  private static let configurationFiles =
    ["fp16", "awq", "mlx"].flatMap { layout -> [HostileCase] in
      let weights = "model.safetensors"
      return [
        HostileCase("no config.json", .notFound, "the directory has no config.json") { folder in
          let path = try folder.copy("micro/\(layout)", as: "m", leavingOut: ["config.json"])
          _ = try Conversion(of: Model(opening: path), to: .gguf)
        },
        HostileCase("no weights", .notFound, "the directory has neither model.safetensors nor") {
          let leftOut: Set = [weights, "model.safetensors.index.json"]
          _ = try Model(opening: $0.copy("micro/\(layout)", as: "m", leavingOut: leftOut))
        },
        HostileCase("nothing", .notFound, "there is no such file or directory") {
          _ = try Model(opening: $0("\(layout)"))
        },
        HostileCase("nothing to clean", .notFound, "there is no such directory") {
          _ = try Cleaning($0("\(layout)"))
        },
        HostileCase("a config that is a list", .malformed, "needed an object") { folder in
          let path = try folder.copy("micro/\(layout)", as: "m", leavingOut: ["config.json"])
          try folder.write("m/config.json", Array("[]".utf8))
          _ = try Conversion(of: Model(opening: path), to: .gguf)
        },
        HostileCase("no memory", .limit, "bytes of memory, 1024 are allowed: --max-memory") { _ in
          var options = ConversionOptions()
          options.budget.memoryByteCount = 1024
          let path = Fixture.path("micro/\(layout)")
          _ = try Conversion(of: Model(opening: path), to: .gguf, options: options)
        },
        HostileCase("a link to nothing", .notFound, "which is missing") { folder in
          let path = try folder.copy("micro/\(layout)", as: "m", leavingOut: ["config.json"])
          try LinkTests.link(path + "/config.json", to: "missing")
          _ = try Model(opening: path)
        },
        HostileCase("a link to itself", .unsupported, "a link that leads back to itself") {
          let path = try $0.copy("micro/\(layout)", as: "m", leavingOut: ["config.json"])
          try LinkTests.link(path + "/config.json", to: "config.json")
          _ = try Model(opening: path)
        },
        HostileCase("a large config", .limit, "--limit config=N raises it") { folder in
          let path = try folder.copy("micro/\(layout)", as: "m", leavingOut: ["config.json"])
          try folder.write("m/config.json", [UInt8](repeating: 32, count: 1 << 20 + 1))
          _ = try Model(opening: path)
        },
        HostileCase("weights alone", .unsupported, "a safetensors file by itself does not say") {
          _ in
          let path = Fixture.path("micro/\(layout)/\(weights)")
          _ = try Conversion(of: Model(opening: path), to: .gguf)
        },
        HostileCase("a directory as weights", .unsupported, "needed a file, this is a directory") {
          let leftOut: Set = [weights, "model.safetensors.index.json"]
          let path = try $0.copy("micro/\(layout)", as: "m", leavingOut: leftOut)
          try $0.makeFolder("m/\(weights)")
          _ = try Model(opening: path)
        },
        HostileCase("a configuration from nowhere", .notFound, "the directory has no config.json") {
          let path = Fixture.path("micro/\(layout)/\(weights)")
          _ = try Model(opening: path, configDirectory: $0.path)
        },
        HostileCase("a tokenizer from nowhere", .notFound, "the directory has no tokenizer.json") {
          var options = ConversionOptions()
          options.tokenizerDirectory = $0.path
          _ = try Conversion(
            of: Model(opening: Fixture.path("micro/\(layout)")), to: .fp16, options: options)
        },
      ]
    }

  static let quantized =
    bad(
      .malformed, "is needed beside it and missing",
      ["micro/awq", "micro/mlx", "micro-tied-edge/awq"]
    ) {
      $0.tensors.removeAll { $0.name.hasSuffix("layers.0.mlp.down_proj.scales") }
    }
    + bad(
      .malformed, "needed qweight [in, out/8] and qzeros", ["micro/awq", "micro-tied-edge/awq"]
    ) {
      $0.edit("layers.0.mlp.down_proj.qzeros") { $0.type = .f32 }
    }
    + bad(.malformed, "needed qweight [in, out/8] and qzeros", ["micro/awq"]) {
      $0.edit("layers.0.mlp.down_proj.scales") { $0.shape = [1] + $0.shape }
    }
    + bad(
      .malformed, "needed weight [out, words] and scales", ["micro/mlx", "micro-tied-edge/mlx"]
    ) {
      $0.edit("layers.0.mlp.down_proj.biases") { $0.shape.reverse() }
    }
    + bad(.malformed, "needed weight [out, words] and scales", ["micro/mlx"]) {
      $0.edit("layers.0.mlp.down_proj.biases") { $0.type = .bf16 }
    }
    + [2, 3, 4].flatMap { bits in
      bad(
        .malformed, "needed \(bits) bits in groups of 128 as the configuration says", ["micro/mlx"]
      ) {
        $0.set("quantization", ["bits": .integer(bits), "group_size": 128])
      }
    }
}
