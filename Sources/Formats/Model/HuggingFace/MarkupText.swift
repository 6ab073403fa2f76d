extension String {
  /// The text as one line of Markdown that shows it and does nothing else: no links, no HTML, no
  /// headings, no code. Cut, for a name from a hostile file has no length that one can rely on.
  var asMarkdownText: String {
    var result = ""
    for scalar in quoted(upTo: 200).unicodeScalars {
      // In Markdown a backslash takes its meaning from every ASCII punctuation mark.
      if scalar.isASCII, scalar.properties.isPunctuationOrSymbol { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// The text as a double-quoted scalar of YAML, which takes JSON's escapes.
  var asYAMLScalar: String {
    let cut = String(String.UnicodeScalarView(unicodeScalars.prefix(400)))
    var result = "\""
    for scalar in cut.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: result += "\\" + String(scalar)
      case 0x20..<0x7F: result.unicodeScalars.append(scalar)
      case 0x10000...: result += "\\U" + scalar.hex(8)
      // Escaped rather than sorted into what YAML 1.1, 1.2 and terminals think of each.
      default: result += "\\u" + scalar.hex(4)
      }
    }
    return result + "\""
  }
}

extension Unicode.Scalar {
  fileprivate func hex(_ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isPunctuationOrSymbol: Bool {
    switch generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol:
      true
    default: false
    }
  }
}
