/// Reads JSON text (RFC 8259) piece by piece, from bytes in memory.
///
/// Strict: no byte order mark, no comments, no trailing commas, no text after the value. The caller
/// asks for what it needs next and gets it or an error with the offset; a document is never held
/// twice, and nesting is limited, so that no text can exhaust the stack.
struct JSONReader: ~Copyable {
  /// What the next value is, by its first byte.
  enum Kind {
    case object, array, string, number, bool, null
  }

  let bytes: [UInt8]
  /// The next byte, counted from the start of ``bytes``.
  var position = 0
  /// Where the last string or number began, counted likewise.
  var tokenStart = 0
  let limits: Limits
  /// The last position at which a value that is held whole may begin; see `smallValue()`.
  var valueEnd = Int.max
  let name: String
  private let baseOffset: Int
  private var depth = 0
  private let depthLimit: Int
  /// Whether an object or array has just been opened: no comma stands before its first element.
  private var isAtStart = false

  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - name: What errors call the file.
  ///   - baseOffset: Where in that file the text begins.
  ///   - limits: What is believed.
  init(_ bytes: [UInt8], name: String, baseOffset: Int = 0, limits: Limits = .standard) {
    self.limits = limits
    depthLimit = limits[.jsonDepth]
    self.bytes = bytes
    self.name = name
    self.baseOffset = baseOffset
  }

  /// Where in the file the last string or number began.
  var tokenOffset: Int { baseOffset + tokenStart }

  /// Where in the file the next byte lies.
  var offset: Int { baseOffset + position }

  /// A place to come back to.
  struct Place {
    fileprivate let position: Int
    fileprivate let depth: Int
    fileprivate let isAtStart: Bool
  }

  /// Where it stands.
  var place: Place { Place(position: position, depth: depth, isAtStart: isAtStart) }

  /// Reads anew what began at a place.
  mutating func goBack(to place: Place) {
    position = place.position
    depth = place.depth
    isAtStart = place.isAtStart
  }

  /// What the next value is; reads nothing but white space.
  mutating func kind() throws(FormatError) -> Kind {
    guard let byte = peek() else { throw needed("a value") }
    switch byte {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw needed("a value")
    }
  }

  /// Opens an object, whose members follow by ``nextName()``.
  mutating func beginObject(_ what: @autoclosure () -> String = "an object")
    throws(FormatError)
  {
    try open(UInt8(ascii: "{"), what())
  }

  /// The name of the next member, whose value is to be read next; `nil` at the object's end.
  mutating func nextName() throws(FormatError) -> String? {
    guard try advance(closing: UInt8(ascii: "}")) else { return nil }
    let name = try string("a member's name")
    try expect(UInt8(ascii: ":"), "':'")
    return name
  }

  /// Appends the name of the next member, whose value is to be read next; `false` at the object's
  /// end.
  mutating func nextName(appendingTo text: inout [UInt8]) throws(FormatError) -> Bool {
    guard try advance(closing: UInt8(ascii: "}")) else { return false }
    try string("a member's name", appendingTo: &text)
    try expect(UInt8(ascii: ":"), "':'")
    return true
  }

  /// Opens an array, whose elements follow by ``nextElement()``.
  mutating func beginArray(_ what: @autoclosure () -> String = "an array") throws(FormatError) {
    try open(UInt8(ascii: "["), what())
  }

  /// Whether another element is to be read next; `false` at the array's end.
  mutating func nextElement() throws(FormatError) -> Bool {
    try advance(closing: UInt8(ascii: "]"))
  }

  /// `true` or `false`.
  mutating func bool() throws(FormatError) -> Bool {
    switch peek() {
    case UInt8(ascii: "t"):
      try literal("true")
      return true
    case UInt8(ascii: "f"):
      try literal("false")
      return false
    default: throw needed("true or false")
    }
  }

  /// `null`.
  mutating func null() throws(FormatError) {
    _ = peek()
    try literal("null")
  }

  /// Moves past the next value, checking its grammar but not whether its names are unique.
  mutating func skipValue() throws(FormatError) {
    switch try kind() {
    case .object:
      try beginObject()
      while try nextName() != nil { try skipValue() }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: _ = try string()
    case .number: _ = try number()
    case .bool: _ = try bool()
    case .null: try null()
    }
  }

  /// Throws when anything but white space follows.
  mutating func end() throws(FormatError) {
    guard peek() == nil else { throw needed("the end of the text") }
  }
}

extension JSONReader {
  /// The next byte that is not white space; stays before it.
  @inline(__always)
  mutating func peek() -> UInt8? {
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    return byte > 0x20 ? byte : peekBehindSpace()
  }

  private mutating func peekBehindSpace() -> UInt8? {
    var index = position
    defer { position = index }
    while true {
      index = bytes.withBytes { $0.endOfSpaces(from: index) }
      guard index < bytes.count else { return nil }
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      index += 1
    }
  }

  /// Reads one byte after white space.
  mutating func expect(
    _ byte: UInt8, _ what: @autoclosure () -> String
  ) throws(FormatError) {
    guard peek() == byte else { throw needed(what()) }
    position += 1
  }

  /// The error that `what` does not stand at ``position``.
  func needed(_ what: String) -> FormatError {
    error("needed \(what), found \(found)")
  }

  /// An error at a position, or at ``position``.
  func error(_ message: String, at position: Int? = nil) -> FormatError {
    FormatError(.malformed, message, at: baseOffset + (position ?? self.position))
      .located(file: name)
  }

  private var found: String {
    guard position < bytes.count else { return "the end of the text" }
    let byte = bytes[position]
    if position == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark" }
    if byte > 0x20 && byte < 0x7F { return "'\(Unicode.Scalar(byte))'" }
    return "the byte 0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
  }

  private mutating func open(
    _ bracket: UInt8, _ what: @autoclosure () -> String
  ) throws(FormatError) {
    guard peek() == bracket else { throw needed(what()) }
    guard depth < depthLimit else {
      throw limits.exceeded("JSON is nested \(depth + 1) deep", .jsonDepth, at: offset)
        .located(file: name)
    }
    position += 1
    depth += 1
    isAtStart = true
  }

  /// Moves to the next element of the open object or array; `false` when it has been closed.
  private mutating func advance(closing bracket: UInt8) throws(FormatError) -> Bool {
    let next = peek()
    if next == bracket {
      position += 1
      depth -= 1
      isAtStart = false
      return false
    }
    if isAtStart {
      isAtStart = false
      guard next != nil else { throw needed("an element or '\(Unicode.Scalar(bracket))'") }
      return true
    }
    guard next == UInt8(ascii: ",") else { throw needed("',' or '\(Unicode.Scalar(bracket))'") }
    position += 1
    guard peek() != bracket else { throw needed("an element after ','") }
    return true
  }

  private mutating func literal(_ text: StaticString) throws(FormatError) {
    let expected = "\(text)"
    guard bytes[position...].starts(with: expected.utf8) else {
      let part = bytes[position...].prefix(expected.utf8.count)
      guard !part.isEmpty else { throw needed(expected) }
      let text = String(decoding: part, as: UTF8.self)
      throw error("needed \(expected), found '\(text.quoted())'")
    }
    position += expected.utf8.count
  }
}
