/// `general.sampling.*` from `generation_config.json`; Specs/names.md §7.
enum SamplingKeys {
  private static let members: [(name: String, key: String, kind: GGUFValue.Kind)] = [
    ("sequence", "sequence", .string), ("top_k", "top_k", .int32), ("top_p", "top_p", .float32),
    ("min_p", "min_p", .float32), ("xtc_probability", "xtc_probability", .float32),
    ("xtc_threshold", "xtc_threshold", .float32), ("temperature", "temp", .float32),
    ("penalty_last_n", "penalty_last_n", .int32), ("penalty_repeat", "penalty_repeat", .float32),
    ("mirostat", "mirostat", .int32), ("mirostat_tau", "mirostat_tau", .float32),
    ("mirostat_eta", "mirostat_eta", .float32),
  ]

  static func entries(_ generation: ConfigMembers) throws(FormatError) -> [GGUFMetadata.Entry] {
    var entries: [GGUFMetadata.Entry] = []
    for (name, key, kind) in members where generation[name] != nil {
      guard let value = try value(name, kind, generation) else { continue }
      entries.append(.init("general.sampling." + key, value))
    }
    return entries
  }

  private static func value(
    _ name: String, _ kind: GGUFValue.Kind, _ generation: ConfigMembers
  ) throws(FormatError) -> GGUFValue? {
    switch kind {
    case .string:
      guard let text = try generation.string(name), !text.isEmpty else { return nil }
      return .string(ByteString(text))
    case .int32:
      guard let integer = try generation.wholeNumber(name) else { return nil }
      guard let number = Int32(exactly: integer) else {
        throw generation.error(.malformed, name, "must fit 32 bits, is \(integer)")
      }
      return .int32(number)
    default: return try generation.float(name).map { .float32($0.asSingle) }
    }
  }
}
