extension JSONReader {
  /// The next string, without its quotes and escapes.
  mutating func string(
    _ what: @autoclosure () -> String = "a string"
  ) throws(FormatError) -> String {
    try expect(UInt8(ascii: "\""), what())
    tokenStart = position - 1
    let start = position
    if try skipPlainText() == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    position = start
    var text: [UInt8] = []
    try appendText(to: &text)
    // Decoding repairs nothing here: every sequence and every escape has been checked.
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the next string, without its quotes and escapes: for strings of which there are so
  /// many that none should have memory of its own.
  mutating func string(
    _ what: @autoclosure () -> String = "a string", appendingTo text: inout [UInt8]
  ) throws(FormatError) {
    try expect(UInt8(ascii: "\""), what())
    tokenStart = position - 1
    try appendText(to: &text)
  }

  /// Reads on behind the quote of a string and appends what it says.
  private mutating func appendText(to text: inout [UInt8]) throws(FormatError) {
    while true {
      let start = position
      let stop = try skipPlainText()
      bytes.withBytes { text.append($0.extracting(start..<position)) }
      if stop == UInt8(ascii: "\"") { break }
      try appendEscape(to: &text)
    }
    position += 1
  }

  /// Moves to the next quote or backslash, and tells which.
  private mutating func skipPlainText() throws(FormatError) -> UInt8 {
    var index = position
    defer { position = index }
    while true {
      index = bytes.withBytes { $0.endOfPlainText(from: index, isASCII: true) }
      guard index < bytes.count else { break }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return byte }
      if byte < 0x20 {
        throw error("a string holds a control character, which must be escaped", at: index)
      }
      repeat {
        index += try sequenceLength(at: index)
      } while index < bytes.count && bytes[index] >= 0x80
    }
    throw error("a string is not closed before the text ends", at: tokenStart)
  }

  /// The length of a well-formed UTF-8 sequence of several bytes (Unicode, table 3-7).
  @inline(__always)
  private func sequenceLength(at start: Int) throws(FormatError) -> Int {
    // Most letters of the byte-level alphabet.
    if 0xC2...0xDF ~= bytes[start], start + 1 < bytes.count, bytes[start + 1] & 0xC0 == 0x80 {
      return 2
    }
    return try longSequenceLength(at: start)
  }

  private func longSequenceLength(at start: Int) throws(FormatError) -> Int {
    let length: Int
    let second: ClosedRange<UInt8>
    switch bytes[start] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw error("a string is not UTF-8", at: start)
    }
    guard length <= bytes.count - start, second ~= bytes[start + 1],
      bytes[start + 2..<start + max(length, 2)].allSatisfy({ 0x80...0xBF ~= $0 })
    else { throw error("a string is not UTF-8", at: start) }
    return length
  }

  /// Reads an escape from its backslash on.
  private mutating func appendEscape(to text: inout [UInt8]) throws(FormatError) {
    let start = position
    guard bytes.count - start >= 2 else {
      throw error("a string is not closed before the text ends", at: tokenStart)
    }
    position += 2
    switch bytes[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[start + 1])
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "u"):
      let scalar = try escapedScalar(startingAt: start)
      text.append(contentsOf: String(String.UnicodeScalarView([scalar])).utf8)
    default: throw error("a string holds an escape that JSON does not have", at: start)
    }
  }

  /// The scalar of an escape of four hex digits, or of two that are a surrogate pair, after the
  /// first `\u`.
  private mutating func escapedScalar(startingAt start: Int) throws(FormatError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
      position += 2
      let second = try codeUnit()
      if 0xDC00...0xDFFF ~= second,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw error("a string holds half of a surrogate pair", at: start)
  }

  private mutating func codeUnit() throws(FormatError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw needed("four hexadecimal digits after \\u") }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}
