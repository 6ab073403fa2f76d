/// What the name of a repository or folder tells about its model: `Qwen/Qwen3-8B-Instruct-v2` is by
/// Qwen, of 8B, tuned to instruct. The rules are gguf-py's, for the same keys are to come out.
struct ModelName {
  /// The name without its organization.
  private(set) var full: String
  private(set) var organization: String?
  private(set) var basename: String?
  private(set) var finetune: String?
  private(set) var version: String?
  private(set) var sizeLabel: String?

  /// What a part of a name, between hyphens, is.
  private enum Component { case version, type, size, finetune }

  private struct Part {
    var text: String
    var component: Component?
    var isBase = false
  }

  /// - Parameter parameterCount: The model's parameters: `128K` is no size of a model of 8 billion.
  init(_ id: String, parameterCount: Int) {
    full = id
    // Then it is a sentence rather than a name.
    guard !id.utf8.contains(UInt8(ascii: " ")) else { return }
    if let slash = id.utf8.firstIndex(of: UInt8(ascii: "/")) {
      let owner = String(id[..<slash])
      full = String(id[id.utf8.index(after: slash)...])
      organization = owner.utf8.first == UInt8(ascii: ".") ? nil : owner
    }
    var parts = full.split(separator: "-").enumerated().map { index, text in
      Self.part(String(text), isFirst: index == 0, parameterCount)
    }
    Self.markBase(&parts)
    func joined(_ filter: (Part) -> Bool) -> String? {
      let texts = parts.filter(filter).map(\.text)
      return texts.isEmpty ? nil : texts.joined(separator: "-")
    }
    finetune = joined { $0.component == .finetune }
    version = joined { $0.component == .version && !$0.isBase }
    var seen = NameSet()
    sizeLabel = joined { $0.component == .size && seen.insert($0.text) }
    // A name of nothing but plain words could be anything.
    if finetune != nil || version != nil || sizeLabel != nil { basename = joined(\.isBase) }
  }

  private static func part(_ text: String, isFirst: Bool, _ parameterCount: Int) -> Part {
    let word = NameWord(text)
    if word.isVersion { return Part(text: text, component: .version) }
    if word.isType { return Part(text: text.uppercased(), component: .type) }
    if isFirst { return Part(text: text) }
    if word.isSize { return sizePart(text, parameterCount) }
    return Part(text: text, component: word.isFinetune ? .finetune : nil)
  }

  /// A part that looks like a size: with a dot and an upper-case unit. `7b1` means 7.1B.
  private static func sizePart(_ text: String, _ parameterCount: Int) -> Part {
    var characters = text.map { $0 == "_" ? "." : $0 }
    if let digit = characters.last, digit.isNumber, characters.count > 1 {
      let unit = characters[characters.count - 2]
      characters = characters.dropLast(2) + [".", digit, unit]
    }
    guard let unit = characters.last, characters.dropLast().last?.isNumber == true else {
      return Part(text: String(characters), component: .size)
    }
    let number = String(characters.dropLast())
    let upper = unit.uppercased()
    let scale: Double =
      switch upper {
      case "K": 1e3
      case "M": 1e6
      case "B": 1e9
      default: 1e12
      }
    if parameterCount > 0, let value = Double(number) {
      let limit = (7.0 * Double(parameterCount) / 8).rounded(.down)
      if abs(value * scale - Double(parameterCount)) > limit {
        return Part(text: number + unit.lowercased(), component: .finetune)
      }
    }
    return Part(text: number + upper, component: .size)
  }

  /// Marks the words, and versions between them, that a name begins with.
  private static func markBase(_ parts: inout [Part]) {
    let hasNumber = parts.contains { $0.component == .size && $0.text.contains(where: \.isNumber) }
    for index in parts.indices where parts[index].component == .size && hasNumber {
      if parts[index].text.allSatisfy(\.isLetter) { parts[index].component = nil }
    }
    var isAtStart = true
    for index in parts.indices {
      let part = parts[index]
      let isWord = part.component == nil && part.text.first?.isLetter == true
      if isAtStart && (isWord || part.component == .version) {
        parts[index].isBase = true
      } else {
        isAtStart = false
        if part.component == nil { parts[index].component = .finetune }
      }
    }
    for index in parts.indices.reversed() {
      guard parts[index].isBase, parts[index].component != nil else { break }
      parts[index].isBase = false
    }
  }
}

extension String {
  /// A name for people: words in place of hyphens, each with a capital unless it has its own manner
  /// of writing or is a number or version.
  var asTitle: String {
    let words = split { $0.isWhitespace || $0 == "-" }
    return words.map { word in
      return NameWord(word).isNumbered || !word.isLowercase ? String(word) : word.capitalized
    }.joined(separator: " ")
  }
}

extension Substring {
  fileprivate var isLowercase: Bool {
    let cased = unicodeScalars.filter(\.properties.isCased)
    return !cased.isEmpty && cased.allSatisfy(\.properties.isLowercase)
  }

  /// With a capital after everything that is no letter.
  fileprivate var capitalized: String {
    var result = ""
    var isInWord = false
    for scalar in unicodeScalars {
      let properties = scalar.properties
      result += isInWord ? properties.lowercaseMapping : properties.titlecaseMapping
      isInWord = properties.isCased
    }
    return result
  }
}
