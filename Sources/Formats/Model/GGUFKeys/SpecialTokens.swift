/// Which tokens have a role, and which are added to every text; Specs/names.md §8.
struct SpecialTokens {
  /// In the order in which they were found, which is the order of the keys.
  private(set) var ids: [(role: String, id: Int)] = []
  /// Whether text begins or ends with a token, or has one between its two parts.
  private(set) var additions: [(role: String, isAdded: Bool)] = [("bos", false), ("eos", false)]
  /// The texts of roles: those of `tokenizer_config.json`, and what a template makes of them.
  private var texts: [String: String] = [:]

  private static let roles = ["bos", "eos", "unk", "sep", "pad", "cls", "mask", "eot"]

  /// The keys under which ids and additions go, where they have one.
  private static let keys = [
    "bos": "bos", "eos": "eos", "unk": "unknown", "sep": "seperator", "pad": "padding",
    "mask": "mask", "eot": "eot",
  ]

  /// - Parameters:
  ///   - tokenizer: `tokenizer_config.json`, which is asked first.
  ///   - config: `config.json`, for roles that are still open.
  ///   - added: The tokens that can have a role.
  ///   - postProcessor: What a text gets, `post_processor` of `tokenizer.json`.
  ///   - vocabularySize: Ids must be below it.
  init(
    tokenizer: ConfigMembers, config: ConfigMembers, added: [TokenizerDocument.AddedToken],
    postProcessor: JSONValue, vocabularySize: Int
  ) throws(FormatError) {
    for role in Self.roles.dropLast() { texts[role] = Self.text(tokenizer[role + "_token"]) }
    texts["bos"] = texts["bos"] ?? texts["cls"]
    texts["eos"] = texts["eos"] ?? texts["sep"]
    readTemplate(postProcessor)
    for role in Self.roles {
      if case .bool(let isAdded)? = tokenizer["add_\(role)_token"] { set(role, isAdded) }
      guard let text = texts[role] else { continue }
      let token = added.first { $0.text.utf8.elementsEqual(text.utf8) }
      if let token { ids.append((role, token.id)) }
    }
    for role in Self.roles.dropLast() where !ids.contains(where: { $0.role == role }) {
      let name = role + "_token_id"
      // Where there is a list, no key can say so.
      guard case .integer(let id)? = config[name] else { continue }
      guard (0..<vocabularySize).contains(id) else {
        throw config.error(.malformed, name, "must be below the vocabulary's \(vocabularySize)")
      }
      ids.append((role, id))
    }
  }

  var entries: [GGUFMetadata.Entry] {
    let ids = ids.compactMap { role, id -> GGUFMetadata.Entry? in
      guard let key = Self.keys[role] else { return nil }
      return .init("tokenizer.ggml.\(key)_token_id", .uint32(UInt32(clamping: id)))
    }
    return ids
      + additions.filter { ["bos", "eos", "sep"].contains($0.role) }.map {
        .init("tokenizer.ggml.add_\($0.role)_token", .bool($0.isAdded))
      }
  }

  /// A token as `tokenizer_config.json` has it: its text, or an object with the text in it.
  private static func text(_ value: JSONValue?) -> String? {
    if case .string(let text)? = value, !text.isEmpty { return text }
    if case .string(let text)? = value?["content"] { return text }
    return nil
  }

  private mutating func set(_ role: String, _ isAdded: Bool) {
    if let index = additions.firstIndex(where: { $0.role == role }) {
      additions[index].isAdded = isAdded
    } else {
      additions.append((role, isAdded))
    }
  }
}

/// What `TemplateProcessing` says.
extension SpecialTokens {
  private mutating func readTemplate(_ processor: JSONValue) {
    var processors = [processor]
    if case .array(let all)? = processor["processors"] { processors = all }
    for processor in processors where processor["type"] == "TemplateProcessing" {
      let single = Self.elements(processor["single"])
      let first = single.count > 1 ? single.first.flatMap(\.token) : nil
      let last = single.count > 1 ? single.last.flatMap(\.token) : nil
      if let first { set("bos", first == texts["bos"] || first == texts["cls"]) }
      if let last {
        // What ends a turn is then not what ends a text.
        if last != texts["eos"] { texts["eot"] = texts["eos"] }
        texts["eos"] = last
        set("eos", true)
      }
      readPair(Self.elements(processor["pair"]), first, last)
    }
  }

  /// Whether a separator stands between two texts.
  private mutating func readPair(_ pair: [Element], _ first: String?, _ last: String?) {
    var inner = pair[...]
    if let first, inner.first?.token == first { inner.removeFirst() }
    if let last, inner.last?.token == last { inner.removeLast() }
    guard inner.count > 2, inner.first?.sequence == "A", inner.last?.sequence == "B" else { return }
    inner = inner.dropFirst().dropLast()
    let separators = [texts["sep"], texts["eos"]]
    var isAdded = inner.first?.token.map { separators.contains($0) && last == nil } ?? false
    if inner.count == 2, let token = inner.last?.token, separators.contains(token) {
      isAdded = true
    }
    set("sep", isAdded)
    if isAdded, texts["sep"] == nil { texts["sep"] = texts["eos"] }
  }

  /// One element of a template: a special token, or a text.
  private struct Element {
    var token: String?
    var sequence: String?
  }

  private static func elements(_ value: JSONValue?) -> [Element] {
    guard case .array(let elements)? = value else { return [] }
    return elements.map { element in
      Element(
        token: text(element["SpecialToken"]?["id"]), sequence: text(element["Sequence"]?["id"]))
    }
  }
}
