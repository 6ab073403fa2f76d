extension GGUFValue {
  /// What a message says that it found: `the uint32 5`, `an array of 3 of type string`.
  var shown: String {
    switch self {
    case .uint8(let value): "the uint8 \(value)"
    case .int8(let value): "the int8 \(value)"
    case .uint16(let value): "the uint16 \(value)"
    case .int16(let value): "the int16 \(value)"
    case .uint32(let value): "the uint32 \(value)"
    case .int32(let value): "the int32 \(value)"
    case .float32(let value): "the float32 \(value)"
    case .bool(let value): "the bool \(value)"
    case .string(let text):
      text.text.map { "the string '\($0.quoted())'" } ?? "a string that is not UTF-8"
    case .array(let array): "an array of \(array.count) of type \(array.elementKind.name)"
    case .uint64(let value): "the uint64 \(value)"
    case .int64(let value): "the int64 \(value)"
    case .float64(let value): "the float64 \(value)"
    }
  }
}
