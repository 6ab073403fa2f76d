/// What single engines need of a model beside what the formats ask for.
struct EngineChecks {
  let model: Model
  let profiles: [Profile]

  func run(_ findings: inout Findings) {
    for profile in profiles {
      guard let obstacle = obstacle(for: profile) else { continue }
      findings.add(
        .engineLayout,
        FormatError(.unsupported, "\(profile.rawValue) \(obstacle)").located(file: model.path))
    }
    guard let json = model.config, let directory = model.configDirectory else { return }
    let config = ConfigMembers(json, file: Paths.join(directory, "config.json"))
    checkClass(config, &findings)
    for name in Self.mlxMembers where config[name] == nil {
      findings.add(.mlxMember, config.missing(name))
    }
    if case .object? = json["quantization"] {
      for name in ["group_size", "bits"] where json["quantization"]?[name] == nil {
        findings.add(.mlxMember, config.missing("quantization." + name))
      }
    }
    if config["rope_theta"] == nil, config["rope_parameters"]?["rope_theta"] == nil {
      findings.add(.mlxMember, config.missing("rope_theta"))
    }
  }

  /// The members by which engines find the model's class.
  private func checkClass(_ config: ConfigMembers, _ findings: inout Findings) {
    switch config["model_type"] {
    case nil: findings.add(.modelType, config.missing("model_type"))
    case .string(let type):
      // Converters go by the class, engines by the type.
      guard let table = try? ModelConfig.names(config), table.architecture != type else { break }
      findings.add(
        .modelType,
        config.error(
          .malformed, "model_type",
          "is '\(type.quoted())', the type of a \(table.modelClass) is '\(table.architecture)'"))
    default: findings.add(.modelType, config.mismatch("model_type", "a string"))
    }
    switch config["architectures"] {
    case nil: findings.add(.architectures, config.missing("architectures"))
    case .array(let names) where !names.isEmpty && names.allSatisfy(\.isString): break
    default: findings.add(.architectures, config.mismatch("architectures", "a list of strings"))
    }
  }

  /// What mlx-lm ended with an error without; it was tried member by member.
  private static let mlxMembers = [
    "hidden_size", "num_hidden_layers", "intermediate_size", "num_attention_heads",
    "num_key_value_heads", "head_dim", "rms_norm_eps", "vocab_size", "max_position_embeddings",
    "tie_word_embeddings",
  ]

  /// Why an engine does not read the model as it is stored, or `nil`.
  private func obstacle(for profile: Profile) -> String? {
    switch (profile, model.form) {
    case (.llamaCpp, .dense), (.llamaCpp, .awq), (.llamaCpp, .mlx), (.llamaCpp, .safetensors):
      "reads GGUF only"
    case (.transformers, .gguf):
      isQuantizedGGUF ? "cannot read Q1_0 from a GGUF" : nil
    case (.transformers, .mlx), (.vllm, .mlx): hasMLXArrays ? "does not know MLX's arrays" : nil
    case (.vllm, .gguf): isQuantizedGGUF ? "cannot read Q1_0 from a GGUF" : nil
    case (.mlx, .gguf):
      isQuantizedGGUF ? "finds no tensors in a GGUF with Q1_0, and says nothing" : nil
    case (.mlx, .awq): "rounds AWQ's weights: 9d - 8d is not d in F16"
    default: nil
    }
  }

  /// A configuration may speak of them where all arrays are dense.
  private var hasMLXArrays: Bool { model.tensors.contains { $0.layout.mlxQuantization != nil } }

  private var isQuantizedGGUF: Bool { model.tensors.contains { $0.layout == .q1_0 } }
}

extension JSONValue {
  fileprivate var isString: Bool { if case .string = self { true } else { false } }
}
