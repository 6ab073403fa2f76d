extension GGUFValue {
  /// The name of the value's type; for an array, that of its elements.
  var typeName: String {
    if case .array(let array) = self { array.elementKind.name } else { kind.name }
  }

  /// The value as JSON has it; an array with its first elements.
  var json: JSONValue {
    switch self {
    case .uint8(let value): .integer(Int(value))
    case .int8(let value): .integer(Int(value))
    case .uint16(let value): .integer(Int(value))
    case .int16(let value): .integer(Int(value))
    case .uint32(let value): .integer(Int(value))
    case .int32(let value): .integer(Int(value))
    case .uint64(let value): JSONValue(value)
    case .int64(let value): .integer(Int(value))
    case .float32(let value): GGUFFloat.single(value).json
    case .float64(let value): GGUFFloat.double(value).json
    case .bool(let value): .bool(value)
    case .string(let value): .string(value.repairedText)
    case .array(let array): .string("[\(array.elementKind) × \(array.count)]")
    }
  }
}

extension JSONValue {
  fileprivate init(_ value: UInt64) {
    self = Int(exactly: value).map { .integer($0) } ?? .number(String(value))
  }
}

extension GGUFFloat {
  /// The shortest decimal; JSON has no numbers for infinities and NaN, so they are text.
  fileprivate var json: JSONValue {
    isFinite ? .number(shortestDecimal) : .string(shortestDecimal)
  }
}

extension GGUFArray {
  /// The first elements; the others are not read. Arrays within show what they are.
  func json(first limit: Int) throws(FormatError) -> [JSONValue] {
    let first = GGUFArray(
      elementKind: elementKind, count: min(count, limit), range: range, origin: origin)
    switch elementKind {
    case .string: return try first.strings().map { .string($0.repairedText) }
    case .bool: return try first.bools().map { .bool($0) }
    case .float32, .float64: return try first.floats().map(\.json)
    case .array: return try first.arrays().map { GGUFValue.array($0).json }
    case .uint64: return try first.unsigned().map { JSONValue($0) }
    default: return try first.integers().map { .integer($0) }
    }
  }

  /// Unsigned integers of 64 bits, of which those above 63 bits are no `Int`.
  private func unsigned() throws(FormatError) -> [UInt64] {
    var cursor = HeaderCursor(source, upTo: range.upperBound, windowByteCount: 512)
    cursor.isBigEndian = isBigEndian
    try cursor.skip(range.lowerBound, "an array's elements")
    var result: [UInt64] = []
    for _ in 0..<count { result.append(try cursor.integer(UInt64.self, "an element")) }
    return result
  }
}
