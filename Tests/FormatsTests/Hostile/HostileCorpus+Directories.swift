@testable import Formats

// Directories: config.json, tokenizers, quantized arrays; each fault in three models.
extension HostileCorpus {
  /// A changed directory, planned as a GGUF.
  static func badDirectory(
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

  static func badConfig(
    _ code: FormatError.Code, _ said: String, _ changes: [(String, JSONValue?)]
  ) -> [HostileCase] {
    badDirectory(code, said) { directory in
      for (name, value) in changes { directory.set(name, value) }
    }
  }

  static let configurations =
    configurationValues + configurationTypes + configurationModels + configurationFiles

  private static let configurationValues =
    badConfig(.malformed, "'num_hidden_layers' is needed and missing", [("num_hidden_layers", nil)])
    + badConfig(.malformed, "'hidden_size' must be an integer", [("hidden_size", "128")])
    + badConfig(.malformed, "'hidden_size' must be an integer", [("hidden_size", true)])
    + badConfig(.malformed, "must be at least 1, is 0", [("num_attention_heads", 0)])
    + badConfig(.malformed, "must be at least 1, is -1", [("vocab_size", -1)])
    + badConfig(.limit, "--limit layers=N raises it", [("num_hidden_layers", 10_001)])
    + badConfig(.limit, "--limit width=N raises it", [("intermediate_size", .integer(1 << 25))])
    + badConfig(.limit, "--limit heads=N raises it", [("num_key_value_heads", .integer(1 << 20))])
    + badConfig(
      .limit, "--limit context=N raises it", [("max_position_embeddings", .integer(1 << 50))])
    + badConfig(.malformed, "'rms_norm_eps' must be a number", [("rms_norm_eps", "1e-6")])
    + badConfig(.malformed, "'rms_norm_eps' must be above zero", [("rms_norm_eps", 0)])
    + badConfig(
      .malformed, "'rope_theta' must be finite in F32", [("rope_theta", .number("1e400"))])
    + badConfig(.malformed, "'rms_norm_eps' is needed and missing", [("rms_norm_eps", nil)])
    + badConfig(
      .malformed, "must be a multiple of 'num_key_value_heads'", [("num_key_value_heads", 3)])
    + badConfig(
      .malformed, "'vocab_size' is 511, the embedding has the shape", [("vocab_size", 511)])
    + badConfig(
      .malformed, "must be an integer below the vocabulary's", [("eos_token_id", .integer(1 << 40))]
    )
    + badConfig(
      .limit, "is 8589934592, at most 4294967295 are written",
      [("max_position_embeddings", .integer(1 << 33))])
    + badConfig(
      .malformed, "must, without 'head_dim', be a multiple of the heads: 128 and 3",
      [
        ("architectures", ["LlamaForCausalLM"]), ("head_dim", nil), ("num_attention_heads", 3),
        ("num_key_value_heads", 3),
      ])
    + badConfig(.malformed, "'rope_scaling' must be an object", [("rope_scaling", [1])])
    + badConfig(.malformed, "'rope_scaling.rope_type' is needed", [("rope_scaling", ["factor": 4])])
    + badConfig(
      .malformed, "'rope_scaling.factor' is needed", [("rope_scaling", ["rope_type": "linear"])])
    + badConfig(
      .unsupported, "must be default, linear or yarn, is 'llama3'",
      [("rope_scaling", ["rope_type": "llama3"])])
    + badConfig(
      .unsupported, "is not known: layers differ in it",
      [("rope_parameters", ["full_attention": [:]])])

  private static let configurationModels =
    badConfig(
      .unsupported, "'architectures' is 'GemmaForCausalLM', which is none of",
      [("architectures", ["GemmaForCausalLM"])])
    + badConfig(
      .unsupported, "'model_type' is 'gemma'", [("architectures", nil), ("model_type", "gemma")])
    + badConfig(
      .malformed, "'architectures' is needed and missing",
      [("architectures", nil), ("model_type", nil)])
    + badConfig(
      .malformed, "'model_type' must be a string", [("architectures", nil), ("model_type", 3)])
    + badConfig(.malformed, "the model has 1 layers", [("num_hidden_layers", 1)])
    + badConfig(.malformed, "the tensor is needed and missing", [("num_hidden_layers", 3)])
    + badConfig(.malformed, "needed the shape", [("head_dim", 64)])
    + badConfig(
      .unsupported, "the weights are quantized by 'gptq'",
      [("quantization", nil), ("quantization_config", ["quant_method": "gptq"])])
    + badDirectory(
      .malformed, "tensor 'model.embed_tokens.weight' is needed and missing",
      ["micro/fp16", "micro/awq", "micro-tied-edge/awq"]
    ) {
      $0.tensors.removeAll { $0.name == "model.embed_tokens.weight" }
    }
    + badDirectory(
      .malformed, "must be true where there is no 'lm_head.weight'",
      ["micro/fp16", "micro/awq", "micro-tied-edge/awq"]
    ) {
      $0.tensors.removeAll { $0.name == "lm_head.weight" }
      $0.set("tie_word_embeddings", false)
    }
    + badDirectory(
      .unsupported, "has no tensor of this name", ["micro/fp16", "micro/awq", "micro/mlx"]
    ) {
      $0.tensors.append(.init(name: "model.extra.weight", type: .f16, shape: [1], bytes: [0, 0]))
    }
    + badDirectory(
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
        HostileCase("weights linked to themselves", .unsupported, "it is a link that leads back") {
          let leftOut: Set = [weights, "model.safetensors.index.json"]
          let path = try $0.copy("micro/\(layout)", as: "m", leavingOut: leftOut)
          try LinkTests.link(path + "/" + weights, to: weights)
          _ = try Model(opening: path)
        },
        HostileCase("a file linked in a circle", .unsupported, "it is a link that leads back") {
          try LinkTests.link($0("a"), to: "b")
          try LinkTests.link($0("b"), to: "a")
          _ = try Model(opening: $0("a"))
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
}
