extension GGUFArray {
  /// The elements of an array of strings.
  ///
  /// - Throws: `malformed` when the elements are no strings; `truncated` when the source ends early.
  public func strings() throws(FormatError) -> [ByteString] {
    guard elementKind == .string else {
      throw FormatError(.malformed, "needed an array of strings, found one of \(elementKind)")
    }
    var cursor = try self.cursor()
    var result: [ByteString] = []
    for index in 0..<count {
      let length = try cursor.integer(UInt64.self, "the length of string \(index)")
      try cursor.need(length, "string \(index)")
      guard let length = Int(exactly: length) else {
        throw FormatError(.malformed, "string \(index) has \(length) bytes")
      }
      result.append(ByteString(try cursor.bytes(length, "string \(index)")))
    }
    return result
  }

  /// The elements of an array of integers of 32 bits.
  ///
  /// - Throws: `malformed` when the elements are none; `truncated` when the source ends early.
  public func integers() throws(FormatError) -> [Int] {
    var cursor = try self.cursor()
    var result: [Int] = []
    for index in 0..<count {
      switch elementKind {
      case .int32: result.append(Int(try cursor.integer(Int32.self, "element \(index)")))
      case .uint32: result.append(Int(try cursor.integer(UInt32.self, "element \(index)")))
      default:
        throw FormatError(.malformed, "needed an array of integers, found one of \(elementKind)")
      }
    }
    return result
  }

  private func cursor() throws(FormatError) -> HeaderCursor {
    var cursor = HeaderCursor(source)
    cursor.isBigEndian = isBigEndian
    try cursor.skip(range.lowerBound, "an array")
    return cursor
  }
}
