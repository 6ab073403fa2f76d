extension JSONValue {
  /// Parses a document (RFC 8259).
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - name: What errors call the file.
  ///   - limits: What is believed.
  /// - Throws: ``FormatError`` with the offset; also for two members of one name in an object.
  public init(
    parsing bytes: [UInt8], name: String, limits: Limits = .standard
  ) throws(FormatError) {
    var reader = JSONReader(bytes, name: name, limits: limits)
    self = try reader.value()
    try reader.end()
  }
}

extension JSONReader {
  /// The next value, whole.
  mutating func value() throws(FormatError) -> JSONValue {
    guard position <= valueEnd else {
      throw limits.exceeded(
        "a value goes on beyond \(limits[.config]) bytes", .config, at: offset
      ).located(file: name)
    }
    switch try kind() {
    case .object: return .object(try members())
    case .array:
      try beginArray()
      var elements: [JSONValue] = []
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case .string: return .string(try string())
    case .number: return try number()
    case .bool: return .bool(try bool())
    case .null:
      try null()
      return .null
    }
  }

  /// The next value of a long document, whole, where it is no longer than a small document may be: in
  /// memory it is many times its text.
  ///
  /// - Throws: `limit` for a longer one.
  mutating func smallValue() throws(FormatError) -> JSONValue {
    let outer = valueEnd
    valueEnd = position.saturatingSum(limits[.config])
    defer { valueEnd = outer }
    return try value()
  }

  private mutating func members() throws(FormatError) -> [JSONValue.Member] {
    try beginObject()
    var members: [JSONValue.Member] = []
    var seen = NameSet()
    while let name = try nextName() {
      guard seen.insert(name) else {
        throw error("the name '\(name.quoted())' appears twice in an object", at: tokenStart)
      }
      members.append(JSONValue.Member(name, try value()))
    }
    return members
  }
}
