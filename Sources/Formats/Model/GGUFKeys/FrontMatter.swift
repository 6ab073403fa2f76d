/// The front matter of a model card: what of YAML such cards use. Members of the document are
/// scalars, in quotes or plain, and lists of scalars, in brackets or line by line; everything else
/// (nested members, blocks of text, references) is passed over. Every scalar is text here.
struct FrontMatter: Sendable {
  /// A member's value.
  enum Value: Sendable, Hashable {
    case text(String)
    case list([String])
  }

  private var members: [ByteString: Value] = [:]

  /// No front matter.
  init() {}

  /// Reads it from a whole card: the lines from `---` in the first line to the next one, or to `...`,
  /// with which YAML ends a document.
  ///
  /// - Parameters:
  ///   - card: The card, with line ends as `\n`.
  ///   - limit: Beyond so many bytes there is none: a list of lines is many times their size.
  init(card: String, limit: Int = Limit.frontMatter.standard) {
    guard let head = Self.head(card, limit) else { return }
    // Tabs are none of YAML's, but some cards have them.
    var lines = head.replacing("\t", with: "  ")
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    guard lines.popFirst() == "---",
      let end = lines.firstIndex(where: { $0 == "---" || $0 == "..." })
    else { return }
    lines = lines[..<end]
    while let line = lines.popFirst() {
      let below = Self.popBelow(&lines)
      guard let (name, rest) = Self.member(line), let value = Self.value(rest, below) else {
        continue
      }
      // Of two members with one name the later one counts, as for other readers.
      members[ByteString(name)] = value
    }
  }

  /// The lines that end within the limit, or `nil` where the card begins with no front matter.
  private static func head(_ card: String, _ limit: Int) -> Substring? {
    guard card.utf8.starts(with: "---".utf8) else { return nil }
    let bytes = card.utf8
    guard let end = bytes.index(bytes.startIndex, offsetBy: limit, limitedBy: bytes.endIndex) else {
      return card[...]
    }
    let last = bytes[..<end].lastIndex(of: UInt8(ascii: "\n"))
    return last.map { card[..<$0] }
  }

  /// The value of a member.
  subscript(_ name: String) -> Value? { members[ByteString(name)] }

  /// The text of the first of these members that is there.
  func text(_ names: String...) -> String? {
    for name in names {
      if case .text(let text)? = self[name] { return text }
    }
    return nil
  }

  /// The texts of a member, or of several one after the other.
  func texts(_ names: String...) -> [String] {
    names.flatMap { name -> [String] in
      switch self[name] {
      case .text(let text): [text]
      case .list(let texts): texts
      case nil: []
      }
    }
  }

  /// The lines that belong to the member before them: indented ones, list items, empty ones.
  private static func popBelow(_ lines: inout ArraySlice<Substring>) -> [Substring] {
    var below: [Substring] = []
    while let line = lines.first, line.isEmpty || [" ", "-", "#"].contains(line.first) {
      lines.removeFirst()
      let content = line.trimmed
      if !content.isEmpty && content.first != "#" { below.append(line) }
    }
    return below
  }

  /// A line `name: rest`; the name plain or in quotes.
  private static func member(_ line: Substring) -> (name: String, rest: Substring)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let rest = line[line.index(after: colon)...]
    guard rest.isEmpty || rest.first?.isWhitespace == true else { return nil }
    return scalar(line[..<colon].trimmed).map { ($0, rest.trimmed) }
  }

  private static func value(_ rest: Substring, _ below: [Substring]) -> Value? {
    if rest.isEmpty || rest.first == "#" {
      return items(below).map(Value.list)
    }
    // A text that goes on in the next line would be cut.
    guard below.isEmpty else { return nil }
    if rest.first == "[" { return flowList(rest).map(Value.list) }
    return scalar(rest).map(Value.text)
  }

  /// The items that are scalars, or `nil` where the lines are no list.
  private static func items(_ lines: [Substring]) -> [String]? {
    guard let first = lines.first else { return nil }
    let indentation = first.indentation
    var items: [String?] = []
    for line in lines {
      if line.indentation > indentation {
        // The item above goes on, so that it is no scalar of one line.
        items[items.count - 1] = nil
        continue
      }
      let line = line.trimmed
      guard line.first == "-", line.dropFirst().first?.isWhitespace ?? true else { return nil }
      items.append(item(line.dropFirst().trimmed))
    }
    return items.compactMap(\.self)
  }

  /// What follows `- `, or `nil` where that is a member or list of its own.
  private static func item(_ content: Substring) -> String? {
    let isQuoted = content.first == "\"" || content.first == "'"
    let isNested = !isQuoted && (content.contains(": ") || content.last == ":")
    return isNested || content.starts(with: "- ") ? nil : scalar(content)
  }

  /// `[a, "b", c]` on one line.
  private static func flowList(_ text: Substring) -> [String]? {
    var items: [Substring] = []
    var start = text.index(after: text.startIndex)
    var quote: Character?
    // Whether nothing but space came since the item's start: only there a quote opens one.
    var isBlank = true
    for index in text.indices.dropFirst() {
      let character = text[index]
      let wasBlank = isBlank
      isBlank = isBlank && character.isWhitespace
      if let open = quote {
        if character == open { quote = nil }
      } else if (character == "\"" || character == "'") && wasBlank {
        quote = character
      } else if character == "," || character == "]" {
        items.append(text[start..<index].trimmed)
        start = text.index(after: index)
        isBlank = true
        guard character == "]" else { continue }
        let rest = text[start...].trimmed
        guard rest.isEmpty || rest.first == "#" else { return nil }
        if items.last?.isEmpty == true { items.removeLast() }
        let texts = items.map(scalar)
        return texts.allSatisfy { $0 != nil } ? texts.compactMap(\.self) : nil
      }
    }
    return nil
  }
}

extension FrontMatter {
  /// A scalar's text, or `nil` for null and for what is no scalar.
  private static func scalar(_ text: Substring) -> String? {
    switch text.first {
    case nil: return nil
    case "'":
      // Within single quotes, two of them stand for one.
      let body = text.dropFirst().replacing("''", with: "\u{0}")
      guard let end = body.firstIndex(of: "'"), isEnd(body[body.index(after: end)...]) else {
        return nil
      }
      return String(body[..<end].replacing("\u{0}", with: "'"))
    case "\"": return doubleQuoted(text.dropFirst())
    case "&", "*", "!", "|", ">", "{", "}", "[", "]", "%", "@", "`", "#", ",", "?": return nil
    default:
      let comment = text.firstRange(of: " #")
      let plain = String(text[..<(comment?.lowerBound ?? text.endIndex)].trimmed)
      return ["", "~", "null", "Null", "NULL"].contains(plain) ? nil : plain
    }
  }

  /// Whether nothing follows but a comment.
  private static func isEnd(_ text: Substring) -> Bool {
    text.trimmed.isEmpty || text.trimmed.first == "#"
  }

  /// A text up to its closing quote, with the escapes that JSON has too.
  private static func doubleQuoted(_ text: Substring) -> String? {
    var end = text.startIndex
    while end < text.endIndex, text[end] != "\"" {
      if text[end] == "\\" { end = text.index(after: end) }
      if end < text.endIndex { end = text.index(after: end) }
    }
    guard end < text.endIndex, isEnd(text[text.index(after: end)...]) else { return nil }
    let bytes = Array("\"\(text[..<end])\"".utf8)
    guard case .string(let value)? = try? JSONValue(parsing: bytes, name: "README.md") else {
      return nil
    }
    return value
  }
}

extension Substring {
  fileprivate var indentation: Int { prefix { $0.isWhitespace }.count }

  fileprivate var trimmed: Substring {
    guard let start = firstIndex(where: { !$0.isWhitespace }),
      let end = lastIndex(where: { !$0.isWhitespace })
    else { return self[endIndex...] }
    return self[start...end]
  }
}
