extension JSONValue {
  /// The `config.json` of the same model in another layout: what it said about quantization gives
  /// way to what is true now, what engines cannot do without is added, everything else stays;
  /// Specs/names.md §3.
  ///
  /// - Parameters:
  ///   - layout: How the output stores its weights.
  ///   - names: The names of the architecture.
  ///   - hasOutput: Whether the output has a matrix of that name.
  func describing(
    _ layout: RepositoryLayout, names: NameTable, hasOutput: Bool
  ) -> JSONValue {
    guard case .object(let members) = self else { return self }
    let identity = missingIdentity(names)
    let result = members.compactMap { member -> Member? in
      switch member.name {
      case "quantization", "quantization_config": nil
      case _ where identity.contains { $0.name == member.name }: nil
      case "torch_dtype", "dtype": Member(member.name, "float16")
      case "tie_word_embeddings" where hasOutput: Member(member.name, false)
      default: member
      }
    }
    return .object(
      result + identity + missingType + (layout.isMLX ? missingRopeMembers : [])
        + layout.configMembers)
  }

  /// What the model is, where the names of its tensors say it and the document does not: without a
  /// class vLLM generates nothing, and without a type nothing loads the model.
  private func missingIdentity(_ names: NameTable) -> [Member] {
    guard !names.modelClass.isEmpty else { return [] }
    var result: [Member] = []
    let classes = self["architectures"] ?? .null
    if classes == .null || classes == .array([]) {
      result.append(Member("architectures", [.string(names.modelClass)]))
    }
    if self["model_type"] ?? .null == .null {
      result.append(Member("model_type", .string(names.architecture)))
    }
    return result
  }

  /// The type of the weights: transformers 4 takes them for F32 where nobody says it.
  private var missingType: [Member] {
    self["torch_dtype"] == nil && self["dtype"] == nil ? [Member("torch_dtype", "float16")] : []
  }

  /// The rotation in the words of transformers 4, where only those of 5 are there: half of mlx-lm's
  /// architectures look for no others, and go on with another base without a word.
  private var missingRopeMembers: [Member] {
    guard case .object(let parameters)? = self["rope_parameters"] else { return [] }
    var result: [Member] = []
    if self["rope_theta"] == nil, let theta = parameters.first(where: { $0.name == "rope_theta" }) {
      result.append(theta)
    }
    let type = parameters.first { ["rope_type", "type"].contains($0.name) }?.value
    if self["rope_scaling"] == nil, let type, type != "default" {
      result.append(Member("rope_scaling", .object(parameters.filter { $0.name != "rope_theta" })))
    }
    return result
  }
}
