// The elements, read when somebody asks for them. They were counted and bounded when the file was
// opened; they are bounded again here, for the file may have been changed since.

extension GGUFArray {
  /// Hands out the strings one after the other.
  ///
  /// - Throws: `malformed` when the elements are no strings; `limit` for one beyond ``Limit/ggufString``;
  ///   what `body` throws.
  public func forEachString(
    _ body: (ByteString) throws(FormatError) -> Void
  ) throws(FormatError) {
    guard elementKind == .string else { throw mismatch("strings") }
    try forEach { (reader) throws(FormatError) in
      try body(ByteString(try Self.string(&reader)))
    }
  }

  /// The strings. A vocabulary takes some 50 bytes each in memory: see ``forEachString(_:)``.
  public func strings() throws(FormatError) -> [ByteString] {
    var result: [ByteString] = []
    try forEachString { (string) throws(FormatError) in result.append(string) }
    return result
  }

  /// The strings, all in one buffer.
  func byteStrings() throws(FormatError) -> ByteStrings {
    guard elementKind == .string else { throw mismatch("strings") }
    var result = ByteStrings()
    result.reserve(count, byteCount: max(range.count - 8 * count, 0))
    try locating(file: source.name) { () throws(FormatError) in
      var reader = try GGUFHeaderReader(elementsOf: self)
      while true {
        _ = reader.cursor.passStrings(count - result.count, upTo: range.upperBound) {
          result.bytes.append($0)
          result.endString()
        }
        if result.count == count { break }
        result.bytes += try Self.string(&reader)
        result.endString()
        try check(reader.cursor.offset, endOf: result.count - 1)
      }
    }
    return result
  }

  /// The integers, whatever their width.
  ///
  /// - Throws: `malformed` when the elements are no integers, or one is beyond 63 bits.
  public func integers() throws(FormatError) -> [Int] {
    switch elementKind {
    case .uint8: try fixed(UInt8.self)
    case .int8: try fixed(Int8.self)
    case .uint16: try fixed(UInt16.self)
    case .int16: try fixed(Int16.self)
    case .uint32: try fixed(UInt32.self)
    case .int32: try fixed(Int32.self)
    case .uint64: try fixed(UInt64.self)
    case .int64: try fixed(Int64.self)
    default: throw mismatch("integers")
    }
  }

  /// The floating-point numbers, in the width in which they are stored.
  public func floats() throws(FormatError) -> [GGUFFloat] {
    var result: [GGUFFloat] = []
    switch elementKind {
    case .float32:
      try forEach { (reader) throws(FormatError) in
        result.append(.single(Float(bitPattern: try reader.cursor.integer(UInt32.self, "a float"))))
      }
    case .float64:
      try forEach { (reader) throws(FormatError) in
        result.append(
          .double(Double(bitPattern: try reader.cursor.integer(UInt64.self, "a float"))))
      }
    default: throw mismatch("floating-point numbers")
    }
    return result
  }

  /// The truth values.
  ///
  /// - Throws: `malformed` when the elements are no bools.
  public func bools() throws(FormatError) -> [Bool] {
    guard elementKind == .bool else { throw mismatch("bools") }
    var result: [Bool] = []
    try forEach { (reader) throws(FormatError) in
      result.append(try reader.bool("an element of an array"))
    }
    return result
  }

  /// The arrays within this one.
  public func arrays() throws(FormatError) -> [GGUFArray] {
    guard elementKind == .array else { throw mismatch("arrays") }
    var result: [GGUFArray] = []
    try forEach { (reader) throws(FormatError) in
      result.append(try reader.array(depth: 1, "an element of an array"))
    }
    return result
  }

  private func fixed<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type
  ) throws(FormatError) -> [Int] {
    var result: [Int] = []
    try forEach { (reader) throws(FormatError) in
      let value = try reader.cursor.integer(type, "an integer of an array")
      guard let integer = Int(exactly: value) else {
        throw FormatError(.malformed, "the integer \(value) is beyond 63 bits")
      }
      result.append(integer)
    }
    return result
  }

  private func forEach(
    _ body: (inout GGUFHeaderReader) throws(FormatError) -> Void
  ) throws(FormatError) {
    try locating(file: source.name) { () throws(FormatError) in
      var reader = try GGUFHeaderReader(elementsOf: self)
      for index in 0..<count {
        try body(&reader)
        try check(reader.cursor.offset, endOf: index)
      }
    }
  }

  private func check(_ offset: Int, endOf index: Int) throws(FormatError) {
    guard offset > range.upperBound else { return }
    throw FormatError(
      .malformed, "element \(index) ends after the array, at byte \(range.upperBound)", at: offset)
  }

  private static func string(_ reader: inout GGUFHeaderReader) throws(FormatError) -> [UInt8] {
    try reader.string(.ggufString, "a string of an array")
  }

  private func mismatch(_ needed: String) -> FormatError {
    FormatError(.malformed, "an array of \(elementKind) where \(needed) are needed")
  }
}
