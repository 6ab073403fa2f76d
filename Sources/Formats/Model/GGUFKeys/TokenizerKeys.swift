/// `tokenizer.*` from a directory's files, in the order of llama.cpp's converter; Specs/names.md §8.
struct TokenizerKeys {
  let tokenizer: TokenizerDocument
  let tokenizerConfig: ConfigMembers
  let config: ConfigMembers
  let templates: [ChatTemplate]
  /// The value of `tokenizer.ggml.pre` where the caller knows better, or nobody else does.
  let preTokenizer: String?
  /// Whether `add_prefix_space` is a key.
  let keepsSpacePrefix: Bool

  func entries() throws(FormatError) -> [GGUFMetadata.Entry] {
    var entries: [GGUFMetadata.Entry] = []
    if keepsSpacePrefix, case .bool(let adds)? = tokenizerConfig["add_prefix_space"] {
      entries.append(.init("tokenizer.ggml.add_space_prefix", .bool(adds)))
    }
    let added = try addedTokens()
    let arrays = try TokenArrays(tokenizer, added: added)
    let special = try SpecialTokens(
      tokenizer: tokenizerConfig, config: config, added: added,
      postProcessor: tokenizer.postProcessor, vocabularySize: tokenizer.vocabularySize)
    let templates = try ChatTemplate.entries(templates)
    // Last, for what is wrong matters more than what a GGUF cannot say.
    try checkNormalizer()
    entries += [
      .init("tokenizer.ggml.model", .string(ByteString("gpt2"))),
      .init("tokenizer.ggml.pre", .string(ByteString(try preTokenizerName()))),
      .init("tokenizer.ggml.tokens", .array(GGUFArray(arrays.texts))),
      .init("tokenizer.ggml.token_type", .array(GGUFArray(arrays.types))),
      .init("tokenizer.ggml.merges", .array(GGUFArray(tokenizer.merges))),
    ]
    return entries + special.entries + templates
  }

  /// The tokens of `added_tokens`, and those that only `tokenizer_config.json` knows: transformers
  /// adds them.
  private func addedTokens() throws(FormatError) -> [TokenizerDocument.AddedToken] {
    var added = tokenizer.addedTokens
    guard case .object(let members)? = tokenizerConfig["added_tokens_decoder"] else { return added }
    let known = Set(added.map(\.id))
    for member in members {
      guard added.count < config.limits[.addedTokens] else {
        throw config.limits.exceeded(
          "there are at least \(added.count + 1) added tokens", .addedTokens
        )
        .located(file: tokenizerConfig.file)
      }
      guard let id = Int(member.name), case .string(let text)? = member.value["content"],
        (0..<tokenizer.vocabularySize).contains(id)
      else {
        throw tokenizerConfig.error(
          .malformed, "added_tokens_decoder",
          "needs ids below \(tokenizer.vocabularySize) with a 'content', has "
            + "'\(member.name.quoted())'")
      }
      if known.contains(id) { continue }
      added.append(.init(id: id, text: text, isSpecial: member.value["special"] == true))
    }
    return added
  }

  /// Engines bring text into NFC or leave it, by what `tokenizer.ggml.pre` says; a GGUF has no place for more.
  private func checkNormalizer() throws(FormatError) {
    guard !Self.bringsIntoNFC(tokenizer.normalizer) else { return }
    throw FormatError(
      .unsupported, "'normalizer' must be null or NFC, for a GGUF cannot say another one"
    ).located(file: tokenizer.file)
  }

  /// Whether a normalizer does that and no more, alone or as all there is in a sequence.
  private static func bringsIntoNFC(_ normalizer: JSONValue) -> Bool {
    if case .array(let steps)? = normalizer["normalizers"], normalizer["type"] == "Sequence" {
      return steps.allSatisfy(bringsIntoNFC)
    }
    return normalizer == .null || normalizer["type"] == "NFC"
  }

  private func preTokenizerName() throws(FormatError) -> String {
    if let preTokenizer { return preTokenizer }
    guard let match = PreTokenizer(json: tokenizer.preTokenizer) else {
      let known = PreTokenizer.all.map(\.name).joined(separator: " or ")
      throw FormatError(
        .unsupported,
        "'pre_tokenizer' splits text in a way that is not that of \(known); --pre NAME says which "
          + "one of llama.cpp's it is"
      ).located(file: tokenizer.file)
    }
    return match.name
  }
}

extension PreTokenizer {
  /// The one that a `pre_tokenizer` describes, or `nil` where it is none of those known: a split by
  /// its pattern, then bytes as letters.
  init?(json: JSONValue) {
    guard case .array(let steps)? = json["pretokenizers"], steps.count == 2,
      steps[0]["type"] == "Split", steps[0]["behavior"] == "Isolated",
      steps[0]["invert"] ?? false == false, steps[1]["type"] == "ByteLevel",
      steps[1]["add_prefix_space"] == false, steps[1]["use_regex"] == false,
      case .string(let pattern)? = steps[0]["pattern"]?["Regex"],
      let match = Self.all.first(where: { $0.pattern.utf8.elementsEqual(pattern.utf8) })
    else { return nil }
    self = match
  }
}

extension ChatTemplate {
  /// The keys of templates: named ones, their names, then the default one.
  ///
  /// - Throws: `malformed` for two that would have one key, which only one of them can have.
  static func entries(_ templates: [ChatTemplate]) throws(FormatError) -> [GGUFMetadata.Entry] {
    let key = "tokenizer.chat_template"
    let named = templates.filter { $0.name != "default" }
    var names = NameSet()
    for template in named where !names.insert(template.name) {
      throw FormatError(
        .malformed,
        "two chat templates would have the key '\(key).\(template.name)': their names need to differ "
          + "in letters and digits")
    }
    var entries = named.map {
      GGUFMetadata.Entry("\(key).\($0.name)", .string(ByteString($0.text)))
    }
    if !named.isEmpty {
      let names = GGUFArray(named.map { ByteString($0.name) })
      entries.append(.init("tokenizer.chat_templates", .array(names)))
    }
    if let text = templates.last(where: { $0.name == "default" })?.text, !text.isEmpty {
      entries.append(.init(key, .string(ByteString(text))))
    }
    return entries
  }
}
