// How text fits columns of a terminal.

extension String {
  /// The columns that the text takes on a terminal.
  var columnCount: Int {
    isASCII ? utf8.count : unicodeScalars.reduce(0) { $0 + $1.columnCount }
  }

  private var isASCII: Bool {
    // To the end whatever is found: so many bytes are looked at in one step.
    var all: UInt8 = 0
    let bytes = utf8.span
    for index in bytes.indices { all |= bytes[index] }
    return all < 0x80
  }

  /// The text, its middle replaced by `…` where it takes more than so many columns.
  func shortenedInTheMiddle(to width: Int) -> String {
    guard columnCount > width else { return self }
    guard width > 1 else { return width == 1 ? "…" : "" }
    // The end tells more than the start: `…attn_q.weight`.
    let head = (width - 1) / 3
    return prefix(columns: head) + "…" + suffix(columns: width - 1 - head)
  }

  /// The text, its end replaced by `…` where it takes more than so many columns.
  func shortenedAtTheEnd(to width: Int) -> String {
    columnCount <= width ? self : prefix(columns: max(width - 1, 0)) + "…"
  }

  /// The text up to so many columns, with all of its colour codes, which take none.
  func clipped(to width: Int) -> String {
    var (result, left, isCode) = (String.UnicodeScalarView(), width, false)
    for scalar in unicodeScalars {
      if scalar == "\u{1B}" { isCode = true }
      if !isCode { left -= scalar.columnCount }
      if isCode || left >= 0 { result.append(scalar) }
      if scalar == "m" { isCode = false }
    }
    return String(result)
  }

  /// Spaces added up to a width: behind the text, or before it.
  func padded(to width: Int, onTheLeft: Bool = false) -> String {
    let count = width - columnCount
    guard count > 0 else { return self }
    let spaces = String(repeating: " ", count: count)
    return onTheLeft ? spaces + self : self + spaces
  }

  /// Lines of whole words that take no more than so many columns, unless a word does.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.columnCount + 1 + String(word).columnCount <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private func prefix(columns: Int) -> String {
    var left = columns
    let scalars = unicodeScalars.prefix {
      left -= $0.columnCount
      return left >= 0
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private func suffix(columns: Int) -> String {
    var left = columns
    let scalars = unicodeScalars.reversed().prefix {
      left -= $0.columnCount
      return left >= 0
    }
    return String(String.UnicodeScalarView(scalars.reversed()))
  }
}

extension Unicode.Scalar {
  /// 0 for what sits on the character before it, 2 for the wide characters of East Asia and emoji.
  fileprivate var columnCount: Int {
    guard value >= 0x300 else { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
