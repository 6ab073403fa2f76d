extension JSONReader {
  /// The next number, which must be written as an integer (`4`, not `4.0` or `4e0`) and fit 64 bits.
  mutating func integer(
    _ what: @autoclosure () -> String = "an integer"
  ) throws(FormatError) -> Int {
    let first = peek()
    guard first == UInt8(ascii: "-") || isDigit(first) else { throw needed(what()) }
    if let value = try scanNumber() { return value }
    let text = String(decoding: bytes[tokenStart..<position], as: UTF8.self)
    throw error("needed \(what()) of 64 bits, found \(text.quoted())", at: tokenStart)
  }

  /// The next number: an integer where it is one, otherwise its text.
  mutating func number() throws(FormatError) -> JSONValue {
    let first = peek()
    guard first == UInt8(ascii: "-") || isDigit(first) else { throw needed("a number") }
    if let value = try scanNumber() { return .integer(value) }
    return .number(String(decoding: bytes[tokenStart..<position], as: UTF8.self))
  }

  /// Moves past a number; its value where it is an integer that fits.
  ///
  /// `-0` is none: as an integer it would lose its sign.
  private mutating func scanNumber() throws(FormatError) -> Int? {
    tokenStart = position
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let firstDigit = position
    var value: Int? = 0
    try skipDigits { digit in
      guard let (product, overflow) = value?.multipliedReportingOverflow(by: 10) else { return }
      let (next, carry) =
        isNegative
        ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      value = overflow || carry ? nil : next
    }
    if bytes[firstDigit] == UInt8(ascii: "0") {
      guard position == firstDigit + 1 else {
        throw error("a number begins with a needless zero", at: tokenStart)
      }
      if isNegative { value = nil }
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      value = nil
      position += 1
      try skipDigits { _ in }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      value = nil
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try skipDigits { _ in }
    }
    return value
  }

  /// Moves past one digit at least.
  @inline(__always)
  private mutating func skipDigits(_ body: (Int) -> Void) throws(FormatError) {
    guard position < bytes.count, isDigit(bytes[position]) else { throw needed("a digit") }
    while position < bytes.count, isDigit(bytes[position]) {
      body(Int(bytes[position] &- UInt8(ascii: "0")))
      position += 1
    }
  }

  @inline(__always)
  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
