import Formats

// Metadata: one line for each key, values cut to what fits, or whole when asked for.

extension InspectionView {
  /// Hands out the lines one by one: there can be 600,000 of them.
  func writeMetadata(
    _ emit: (String) throws(FormatError) -> Void
  ) throws(FormatError) {
    let entries = inspection.metadata
    let (longest, widest) = entries.reduce(into: (0, 0)) {
      $0 = (max($0.0, $1.keyText.columnCount), max($0.1, $1.typeText.columnCount))
    }
    // A long key must not push all values off the line, nor each of 200,000 lines be padded to it.
    let keyWidth = min(longest, shortensNames ? max(width * 9 / 20, 20) : Table.mostPadded)
    let typeWidth = min(widest, 24)
    let room = max(width - 6 - keyWidth - typeWidth, 12)
    var source: String?
    for entry in entries {
      if let name = entry.source, name != source {
        try emit("  " + style.secondary(name.quoted(upTo: 200) + ":"))
        source = name
      }
      let name = entry.keyText
      let key = shortensNames ? name.shortenedInTheMiddle(to: keyWidth) : name
      let type = style.secondary(entry.typeText.padded(to: typeWidth))
      try emit(
        "  " + key.padded(to: keyWidth) + "  " + type + "  " + text(entry.value(), room: room))
    }
  }

  private func text(_ value: Inspection.MetadataEntry.Value, room: Int) -> String {
    let limit = metadata == .full ? Int.max : room
    switch value {
    case .whole(.array(let elements)): return list(elements, isWhole: true, limit)
    case .shortened(let first): return list(first, isWhole: false, limit)
    case .whole(let value):
      return Self.text(value, limit: limit).shortenedAtTheEnd(to: limit)
    }
  }

  /// As many elements as fit, and `…` where some are left out.
  private func list(_ elements: [JSONValue], isWhole: Bool, _ limit: Int) -> String {
    var text = ""
    for (index, element) in elements.enumerated() {
      let next = (index == 0 ? "" : ", ") + Self.text(element, limit: limit)
      let isLast = isWhole && index + 1 == elements.count
      guard text.columnCount + next.columnCount + (isLast ? 0 : 3) <= limit else {
        return index == 0 ? next.shortenedAtTheEnd(to: limit) : text + ", …"
      }
      text += next
    }
    return isWhole ? text : text + ", …"
  }

  /// JSON's own spelling, numbers in groups of three, so that text is told from numbers.
  private static func text(_ value: JSONValue, limit: Int) -> String {
    switch value {
    case .integer(let value): Quantity.grouped(value)
    case .number(let text): text
    case .string(let text) where text.utf8.count <= limit && text.utf8.allSatisfy(isPlain):
      "\"" + text + "\""
    // Cut before it is escaped: a text can be megabytes long.
    case .string(let text):
      json(.string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))))
    default: json(value)
    }
  }

  /// Whether JSON has the byte within a text as it is, and a terminal shows it.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (UInt8(ascii: " ")...UInt8(ascii: "~")).contains(byte)
      && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func json(_ value: JSONValue) -> String {
    var writer = JSONWriter(escapesControls: true)
    writer.write(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension Inspection.MetadataEntry {
  fileprivate var keyText: String { key.quoted(upTo: 200) }

  /// `uint32`, `string × 151,669`.
  fileprivate var typeText: String {
    count.map { "[\(type) × \(Quantity.grouped($0))]" } ?? type
  }
}
