/// The members of `config.json` that decide what stored arrays mean, and are read before anything is
/// known of the model: what they say in a way that nobody understands must not count for unsaid.
extension QuantizationConfig {
  /// Checks the types and values of those members.
  ///
  /// - Parameters:
  ///   - config: The document.
  ///   - file: What errors call it.
  ///   - findings: What is found wrong.
  /// - Throws: `malformed` and `limit`, when strict.
  static func checkMembers(
    _ config: JSONValue, file: String, _ limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    let members = ConfigMembers(config, file: file, limits: limits)
    _ = try findings.attempt(or: nil, try members.bool("tie_word_embeddings"))
    if let mlx = try findings.attempt(or: nil, try members.object("quantization")) {
      try checkMLX(mlx, &findings)
      // Without it nobody takes the object for MLX's.
      if mlx["bits"] == nil, mlx["group_size"] != nil || mlx["mode"] != nil {
        try findings.report(.configMember, mlx.missing("bits"))
      }
    }
    guard let other = try findings.attempt(or: nil, try members.object("quantization_config"))
    else { return }
    // Methods that are only recognized have members of their own.
    switch QuantizationConfig(config).method {
    case .mlx: try checkMLX(other, &findings)
    case .other where !isAWQ(other.json): return
    default: try checkAWQ(other, &findings)
    }
  }

  private static func isAWQ(_ config: JSONValue) -> Bool {
    config["quant_method"] == "awq" || config["quant_method"] == nil
  }

  private static func checkAWQ(
    _ members: ConfigMembers, _ findings: inout Findings
  ) throws(FormatError) {
    for name in ["quant_method", "version", "format"] {
      _ = try findings.attempt(or: nil, try members.string(name))
    }
    for name in ["bits", "w_bit"] { try checkBits(members, name, &findings) }
    for name in ["group_size", "q_group_size"] where members[name] != .integer(-1) {
      _ = try findings.attempt(or: nil, try members.optionalCount(name, .width))
    }
    for name in ["zero_point", "lm_head"] {
      _ = try findings.attempt(or: nil, try members.bool(name))
    }
    guard let modules = members["modules_to_not_convert"] else { return }
    if case .array(let names) = modules, names.allSatisfy(\.isString) { return }
    try findings.report(
      .configMember, members.mismatch("modules_to_not_convert", "a list of strings"))
  }

  /// Bits and group size of the whole model and of modules that have their own.
  private static func checkMLX(
    _ members: ConfigMembers, _ findings: inout Findings
  ) throws(FormatError) {
    try checkBits(members, "bits", &findings)
    _ = try findings.attempt(or: nil, try members.optionalCount("group_size", .width))
    _ = try findings.attempt(or: nil, try members.string("mode"))
    guard case .object(let all) = members.json else { return }
    for module in all {
      // Whatever else stands there is for others.
      guard case .object = module.value else { continue }
      let own = members.inner(module)
      try checkBits(own, "bits", &findings)
      _ = try findings.attempt(or: nil, try own.optionalCount("group_size", .width))
    }
  }

  private static func checkBits(
    _ members: ConfigMembers, _ name: String, _ findings: inout Findings
  ) throws(FormatError) {
    let bits = try findings.attempt(or: nil, try members.integer(name))
    guard let bits, !(1...32).contains(bits) else { return }
    try findings.report(
      .configMember, members.error(.malformed, name, "must be from 1 to 32, is \(bits)"))
  }
}

extension JSONValue {
  fileprivate var isString: Bool { if case .string = self { true } else { false } }
}
