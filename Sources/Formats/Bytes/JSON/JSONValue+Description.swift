extension JSONValue {
  /// What a message says that it found: `the string 'x'`, `128.0`, `a list of 3 values`.
  var shown: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let text): "\(text.quoted())"
    case .string(let text): "the string '\(text.quoted())'"
    case .array(let values): "a list of \(values.count) values"
    case .object(let members): "an object of \(members.count) members"
    }
  }
}
