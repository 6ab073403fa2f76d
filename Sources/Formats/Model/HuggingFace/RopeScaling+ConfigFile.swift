extension RopeScaling {
  /// The object that holds the scaling: `rope_parameters` in the style of transformers 5, otherwise
  /// `rope_scaling`.
  static func members(_ config: ConfigMembers) throws(FormatError) -> ConfigMembers? {
    if let members = try config.object("rope_parameters") { return members }
    return try config.object("rope_scaling")
  }

  /// Reads such an object, or returns `nil` where it says that there is no scaling.
  ///
  /// - Throws: `unsupported` for a kind that is not known, among them `llama3`, whose factors are a
  ///   tensor of a GGUF file; `malformed` for numbers that are missing.
  init?(_ members: ConfigMembers) throws(FormatError) {
    // `type` is the name that it had first.
    let name = members["rope_type"] == nil ? "type" : "rope_type"
    guard let type = try members.string(name) else {
      guard members["factor"] == nil else { throw members.missing("rope_type") }
      guard members["full_attention"] == nil else {
        throw members.error(.unsupported, "full_attention", "is not known: layers differ in it")
      }
      return nil
    }
    switch type {
    case "default", "none": return nil
    case "yarn":
      originalContextLength = try members.count(
        "original_max_position_embeddings", .context)
    case "linear": originalContextLength = nil
    default:
      throw members.error(
        .unsupported, "rope_type", "must be default, linear or yarn, is '\(type.quoted())'")
    }
    self.type = type
    guard let factor = try members.positive("factor") else { throw members.missing("factor") }
    self.factor = factor
    var parameters: [Parameter] = []
    for (_, name) in Self.optionalKeys {
      let isOther = name == "attention_factor" && members[name] == nil
      guard let value = try members.float(isOther ? "attn_factor" : name) else { continue }
      parameters.append(Parameter(name: name, value: value))
    }
    self.parameters = parameters
  }

  /// The value of an optional parameter, by its name in `config.json`.
  func parameter(_ name: String) -> GGUFFloat? { parameters.first { $0.name == name }?.value }
}
