extension String {
  /// The text with every character that could steer a terminal or reorder a line written as `\u{…}`:
  /// C0 and C1 controls, DEL, line separators and bidirectional controls.
  public var escapedForDisplay: String {
    guard steersTerminal else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.steersTerminal:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether any character could steer a terminal or reorder a line.
  var steersTerminal: Bool {
    !isPrintableASCII && unicodeScalars.contains(where: \.steersTerminal)
  }

  /// Whether there is nothing to look at twice: so it is with nearly all names.
  private var isPrintableASCII: Bool {
    // To the end whatever is found: so many bytes are looked at in one step.
    var largest: UInt8 = 0
    let bytes = utf8.span
    for index in bytes.indices { largest = max(largest, bytes[index] &- 0x20) }
    return largest <= 0x7E - 0x20
  }

  /// A tensor's name as messages have it: whole, unless no model has such a name.
  var quotedName: String { quoted(upTo: 200) }

  /// At most `limit` characters of the text as they are, with `…` where something was left out.
  func cut(to limit: Int) -> String {
    if utf8.count <= limit { return self }
    let scalars = unicodeScalars.prefix(limit)
    let cut = String(String.UnicodeScalarView(scalars))
    return scalars.endIndex == unicodeScalars.endIndex ? cut : cut + "…"
  }

  /// At most `limit` characters of the text, escaped, with `…` where something was left out.
  public func quoted(upTo limit: Int = 60) -> String {
    if utf8.count <= limit, isPrintableASCII { return self }
    // Cut by scalars first: one "character" of a hostile text can be megabytes long.
    let scalars = unicodeScalars.prefix(limit)
    let cut = String(String.UnicodeScalarView(scalars)).escapedForDisplay
    return scalars.endIndex == unicodeScalars.endIndex ? cut : cut + "…"
  }
}

extension Unicode.Scalar {
  /// Whether the character could steer a terminal or reorder a line. All of them are in the basic
  /// plane.
  var steersTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
