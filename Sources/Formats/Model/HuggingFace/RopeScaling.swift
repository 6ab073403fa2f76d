/// How rotary positions are stretched beyond the trained context; Specs/names.md §3.
public struct RopeScaling: Sendable, Hashable {
  /// One number of the scaling, under its name in `config.json`.
  public struct Parameter: Sendable, Hashable {
    /// `factor`, `attention_factor`, …
    public let name: String
    /// The number.
    public let value: GGUFFloat
  }

  /// `rope_type`: `yarn` or `linear`.
  public let type: String
  /// `factor`.
  public let factor: GGUFFloat
  /// `original_max_position_embeddings`; YaRN has it always.
  public let originalContextLength: Int?
  /// The optional parameters that the file has.
  public let parameters: [Parameter]
}

extension RopeScaling {
  /// Optional keys of YaRN, as llama.cpp's converter maps them.
  static let optionalKeys: [(gguf: String, name: String)] = [
    ("yarn_attn_factor", "attention_factor"),
    ("yarn_beta_fast", "beta_fast"),
    ("yarn_beta_slow", "beta_slow"),
    ("yarn_ext_factor", "extrapolation_factor"),
  ]

  /// Reads `<architecture>.rope.scaling.*`, or returns `nil` where there is no scaling.
  init?(_ keys: ArchitectureKeys) throws(FormatError) {
    guard let type = try keys.metadata.string(keys.full("rope.scaling.type")) else {
      // llama.cpp takes a factor alone for a linear one; no converter writes that for Qwen.
      guard keys.metadata[keys.full("rope.scaling.factor")] == nil else {
        throw keys.missing("rope.scaling.type")
      }
      return nil
    }
    switch type.utf8 {
    case _ where type.utf8.elementsEqual("none".utf8): return nil
    case _ where type.utf8.elementsEqual("yarn".utf8):
      originalContextLength = try keys.count(
        "rope.scaling.original_context_length", .context)
    case _ where type.utf8.elementsEqual("linear".utf8): originalContextLength = nil
    default:
      throw FormatError(
        .unsupported,
        "'\(keys.full("rope.scaling.type"))' must be none, linear or yarn, is '\(type.quoted())'")
    }
    self.type = type
    factor = try keys.positive("rope.scaling.factor")
    var parameters: [Parameter] = []
    for (key, name) in Self.optionalKeys {
      guard let value = try keys.finite("rope.scaling." + key) else { continue }
      parameters.append(Parameter(name: name, value: value))
    }
    self.parameters = parameters
  }

  /// The members of `rope_scaling`, in the style of transformers 4.
  var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("rope_type", .string(type)), .init("factor", factor.decimalFraction),
    ]
    if let originalContextLength {
      members.append(.init("original_max_position_embeddings", .integer(originalContextLength)))
    }
    return members + parameters.map { .init($0.name, $0.value.decimalFraction) }
  }
}
