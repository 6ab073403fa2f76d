/// The keys of a GGUF file that begin with its architecture: `qwen3.block_count`.
struct ArchitectureKeys {
  let metadata: GGUFMetadata
  let architecture: String
  var limits = Limits.standard

  /// The whole key.
  func full(_ key: String) -> String { architecture + "." + key }

  /// The error for a key that is needed and not there.
  func missing(_ key: String) -> FormatError {
    FormatError(.malformed, "metadata key '\(full(key))' is needed and missing")
  }

  /// A count from 1 to a named limit.
  func count(_ key: String, _ limit: Limit) throws(FormatError) -> Int {
    guard let value = try optionalCount(key, limit) else { throw missing(key) }
    return value
  }

  /// A count from 1 to a named limit, or `nil` where there is no such key.
  func optionalCount(_ key: String, _ limit: Limit) throws(FormatError) -> Int? {
    guard let value = try metadata.integer(full(key)) else { return nil }
    guard value > 0 else {
      throw FormatError(.malformed, "'\(full(key))' must be at least 1, is \(value)")
    }
    guard value <= limits[limit] else {
      throw limits.exceeded("'\(full(key))' is \(value)", limit, value: value)
    }
    return value
  }

  /// A finite number above zero.
  func positive(_ key: String) throws(FormatError) -> GGUFFloat {
    guard let value = try finite(key) else { throw missing(key) }
    guard value.isPositive else {
      throw FormatError(
        .malformed, "'\(full(key))' must be above zero, is \(value.shortestDecimal)")
    }
    return value
  }

  /// A finite number, or `nil` where there is no such key.
  func finite(_ key: String) throws(FormatError) -> GGUFFloat? {
    guard let value = try metadata.float(full(key)) else { return nil }
    guard value.isFinite else {
      throw FormatError(.malformed, "'\(full(key))' must be finite, is \(value.shortestDecimal)")
    }
    return value
  }
}

extension GGUFFloat {
  var isFinite: Bool {
    switch self {
    case .single(let value): value.isFinite
    case .double(let value): value.isFinite
    }
  }

  var isPositive: Bool {
    switch self {
    case .single(let value): value > 0
    case .double(let value): value > 0
    }
  }

  /// For members that Python code wants to be a float: `4.0`.
  var decimalFraction: JSONValue { .number(shortestDecimal) }

  /// For members that are written as integers where they are: `1000000`, `0.5`.
  var decimal: JSONValue {
    let integer: Int? =
      switch self {
      case .single(let value): Int(exactly: value)
      case .double(let value): Int(exactly: value)
      }
    return integer.map { .integer($0) } ?? decimalFraction
  }
}
