/// Writes JSON text: compact, as safetensors headers are, or indented, as Hugging Face's files are.
///
/// Non-ASCII text is written as it is; only quotes, backslashes and C0 controls are escaped.
public struct JSONWriter {
  /// The text so far, in UTF-8.
  public var bytes: [UInt8] { Array(buffer.prefix(byteCount)) }
  /// How many bytes of text there are.
  private(set) var byteCount = 0
  /// The text, and behind it room for more: what is appended piece by piece to an array costs a call
  /// for each piece.
  private var buffer: [UInt8] = []
  private let indent: Int?
  private let escapesControls: Bool
  /// A comma, a line break and the spaces of the next line, of which the first so many are its own:
  /// what stands between two elements.
  private var separator = Array(",\n".utf8)
  private var separatorByteCount = 2

  /// - Parameters:
  ///   - indent: Spaces per level, or `nil` for the compact form.
  ///   - escapesControls: Whether to escape also what JSON allows and a terminal obeys.
  public init(indent: Int? = nil, escapesControls: Bool = false) {
    self.indent = indent
    self.escapesControls = escapesControls
  }

  /// Hands over the bytes so far, to be written away, and goes on with none.
  public mutating func drain() -> [UInt8] {
    defer { byteCount = 0 }
    return bytes
  }

  /// Writes a whole value.
  public mutating func write(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let value): raw(value ? "true" : "false")
    case .integer(let value): raw(String(value))
    case .number(let text): raw(text)
    case .string(let text): string(text)
    case .array(let elements):
      open("[")
      for (index, element) in elements.enumerated() {
        separate(isFirst: index == 0)
        write(element)
      }
      close("]", isEmpty: elements.isEmpty)
    case .object(let members):
      open("{")
      for (index, member) in members.enumerated() {
        name(member.name, isFirst: index == 0)
        write(member.value)
      }
      close("}", isEmpty: members.isEmpty)
    }
  }

  /// Opens an array or object whose elements follow one by one.
  public mutating func open(_ bracket: Unicode.Scalar) {
    put(UInt8(ascii: bracket))
    guard let indent else { return }
    separatorByteCount += indent
    while separator.count < separatorByteCount { separator.append(UInt8(ascii: " ")) }
  }

  /// Closes what ``open(_:)`` opened.
  public mutating func close(_ bracket: Unicode.Scalar, isEmpty: Bool) {
    separatorByteCount = max(separatorByteCount - (indent ?? 0), 2)
    if !isEmpty { separate(isFirst: true) }
    put(UInt8(ascii: bracket))
  }

  /// Begins the next element.
  public mutating func separate(isFirst: Bool) {
    let end = indent == nil ? 1 : separatorByteCount
    let separator = separator
    separator.withBytes { raw(utf8: $0.extracting((isFirst ? 1 : 0)..<end)) }
  }

  /// Begins the next member of an object.
  public mutating func name(_ name: String, isFirst: Bool) {
    separate(isFirst: isFirst)
    string(name)
    endName()
  }

  /// Begins the next member of an object, of the bytes of its name.
  mutating func name(utf8 name: RawSpan, isFirst: Bool) {
    separate(isFirst: isFirst)
    string(utf8: name)
    endName()
  }

  private mutating func endName() {
    put(UInt8(ascii: ":"))
    if indent != nil { put(UInt8(ascii: " ")) }
  }

  /// Writes a string with its quotes.
  public mutating func string(_ text: String) {
    if escapesControls && text.steersTerminal { return escapedString(text) }
    text.withBytes { string(utf8: $0) }
  }

  /// Writes a string with its quotes, of its bytes.
  mutating func string(utf8 text: RawSpan) {
    var end = text.endOfPlainText(from: 0, isASCII: false)
    put(UInt8(ascii: "\""))
    raw(utf8: text.extracting(0..<end))
    while end < text.byteCount {
      escape(text.byte(at: end))
      let start = end + 1
      end = text.endOfPlainText(from: start, isASCII: false)
      raw(utf8: text.extracting(start..<end))
    }
    put(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case 0x08: raw("\\b")
    case 0x09: raw("\\t")
    case 0x0A: raw("\\n")
    case 0x0C: raw("\\f")
    case 0x0D: raw("\\r")
    default: escape(unit: UInt16(byte))
    }
  }

  /// `\u` and four digits, without a text of them in between.
  private mutating func escape(unit: UInt16) {
    put(UInt8(ascii: "\\"))
    put(UInt8(ascii: "u"))
    for place in 0..<4 {
      let digit = UInt8(truncatingIfNeeded: (unit >> UInt16(12 - 4 * place)) & 0xF)
      put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }

  private mutating func escapedString(_ text: String) {
    put(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": raw("\\\"")
      case "\\": raw("\\\\")
      case "\n": raw("\\n")
      case "\t": raw("\\t")
      case _ where scalar.steersTerminal:
        for unit in UTF16.encode(scalar) ?? .init() { escape(unit: unit) }
      default: for byte in UTF8.encode(scalar) ?? .init() { put(byte) }
      }
    }
    put(UInt8(ascii: "\""))
  }

  /// Writes text as it is: a number, or a line break after the document.
  public mutating func raw(_ text: String) {
    text.withBytes { raw(utf8: $0) }
  }

  /// Writes bytes as they are.
  @inline(__always)
  mutating func raw(utf8 text: RawSpan) {
    let count = text.byteCount
    if buffer.count - byteCount < count { grow(by: count) }
    let end = byteCount
    buffer.withMutableBytes { $0.copy(text, from: 0, count: count, to: end) }
    byteCount += count
  }

  /// Writes a number that is not negative, without a text of it in between.
  mutating func number(_ value: UInt32) {
    let start = byteCount
    var rest = value
    repeat {
      put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    // The digits came the wrong way round.
    var (low, high) = (start, byteCount - 1)
    while low < high {
      buffer.swapAt(low, high)
      (low, high) = (low + 1, high - 1)
    }
  }

  /// Writes a byte as it is.
  @inline(__always)
  mutating func put(_ byte: UInt8) {
    if byteCount == buffer.count { grow(by: 1) }
    buffer[byteCount] = byte
    byteCount += 1
  }

  private mutating func grow(by count: Int) {
    let size = max(buffer.count * 2, byteCount + count, 64)
    buffer.append(contentsOf: repeatElement(0, count: size - buffer.count))
  }
}

extension JSONValue {
  /// The document's text in UTF-8, without a final line break.
  public func serialized(indent: Int? = nil) -> [UInt8] {
    var writer = JSONWriter(indent: indent)
    writer.write(self)
    return writer.bytes
  }
}
