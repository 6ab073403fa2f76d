extension GGUFMetadata {
  /// The text of a key, or `nil` where there is no such key.
  ///
  /// - Throws: `malformed` when the value is no string or not UTF-8.
  public func string(_ key: String) throws(FormatError) -> String? {
    guard let value = self[key] else { return nil }
    guard case .string(let bytes) = value else { throw mismatch(key, value, "a string") }
    guard let text = bytes.text else { throw mismatch(key, value, "a string in UTF-8") }
    return text
  }

  /// The integer of a key, whatever its width, or `nil` where there is no such key.
  ///
  /// - Throws: `malformed` when the value is no integer, or beyond 63 bits.
  public func integer(_ key: String) throws(FormatError) -> Int? {
    guard let value = self[key] else { return nil }
    let integer: Int? =
      switch value {
      case .uint8(let value): Int(value)
      case .int8(let value): Int(value)
      case .uint16(let value): Int(value)
      case .int16(let value): Int(value)
      case .uint32(let value): Int(value)
      case .int32(let value): Int(value)
      case .uint64(let value): Int(exactly: value)
      case .int64(let value): Int(value)
      default: nil
      }
    guard let integer else { throw mismatch(key, value, "an integer") }
    return integer
  }

  /// The number of a key as the file holds it, F32 or F64, or `nil` where there is no such key.
  ///
  /// - Throws: `malformed` when the value is no floating-point number.
  public func float(_ key: String) throws(FormatError) -> GGUFFloat? {
    guard let value = self[key] else { return nil }
    switch value {
    case .float32(let value): return .single(value)
    case .float64(let value): return .double(value)
    default: throw mismatch(key, value, "a floating-point number")
    }
  }

  /// The truth value of a key, or `nil` where there is no such key.
  public func bool(_ key: String) throws(FormatError) -> Bool? {
    guard let value = self[key] else { return nil }
    guard case .bool(let bool) = value else { throw mismatch(key, value, "a bool") }
    return bool
  }

  /// The array of a key, or `nil` where there is no such key.
  public func array(_ key: String) throws(FormatError) -> GGUFArray? {
    guard let value = self[key] else { return nil }
    guard case .array(let array) = value else { throw mismatch(key, value, "an array") }
    return array
  }

  private func mismatch(_ key: String, _ value: GGUFValue, _ needed: String) -> FormatError {
    FormatError(
      .malformed, "metadata key '\(key.quoted())' must be \(needed), is \(value.shown)")
  }
}

/// A floating-point number of a file, in the width in which it was stored.
public enum GGUFFloat: Sendable, Hashable {
  /// F32.
  case single(Float)
  /// F64.
  case double(Double)

  /// The shortest decimal that reads back as the same number in the same width: `1e-06`, `0.95`.
  public var shortestDecimal: String {
    switch self {
    case .single(let value): value.isNaN ? "nan" : "\(value)"
    case .double(let value): value.isNaN ? "nan" : "\(value)"
    }
  }
}
