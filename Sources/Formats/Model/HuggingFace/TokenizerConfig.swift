/// `tokenizer_config.json` and `special_tokens_map.json`; Specs/names.md §4.
struct TokenizerConfig: Sendable {
  /// `model_max_length` of every Qwen3. Engines take the smaller one of this and the context, so a
  /// longer context must raise it.
  private static let defaultMaximumLength = 131_072

  let vocabulary: Vocabulary
  let contextLength: Int
  let endToken: String?
  let paddingToken: String?

  init(vocabulary: Vocabulary, config: ModelConfig) {
    self.vocabulary = vocabulary
    contextLength = config.contextLength
    endToken = vocabulary.text(of: config.endToken)
    paddingToken = vocabulary.text(of: config.paddingToken)
  }

  /// `tokenizer_config.json`. No text begins with a token of its own, so `bos_token` is null
  /// whatever `bos_token_id` says.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("add_bos_token", false), .init("add_prefix_space", false),
      .init("added_tokens_decoder", .object(vocabulary.addedIDs.map(addedToken))),
      .init("additional_special_tokens", .array(additionalSpecialTokens)),
      .init("bos_token", .null),
    ]
    if let template = ChatTemplate.json(vocabulary.templates) {
      members.append(.init("chat_template", template))
    }
    members += [
      .init("clean_up_tokenization_spaces", false),
      .init("eos_token", endToken.map { .string($0) } ?? .null),
      .init("errors", "replace"),
      .init("model_max_length", .integer(max(contextLength, Self.defaultMaximumLength))),
      .init("pad_token", paddingToken.map { .string($0) } ?? .null),
      .init("split_special_tokens", false),
      .init("tokenizer_class", .string(vocabulary.preTokenizer.tokenizerClass)),
      .init("unk_token", .null),
    ]
    return .object(members)
  }

  /// `special_tokens_map.json`.
  var specialTokensMap: JSONValue {
    var members: [JSONValue.Member] = []
    if let endToken { members.append(.init("eos_token", .string(endToken))) }
    if let paddingToken { members.append(.init("pad_token", .string(paddingToken))) }
    members.append(.init("additional_special_tokens", .array(additionalSpecialTokens)))
    return .object(members)
  }

  /// Qwen's files leave out `<|endoftext|>`, which is the padding, and nothing else.
  private var additionalSpecialTokens: [JSONValue] {
    vocabulary.addedIDs.filter {
      vocabulary.kinds[$0] == .special && !vocabulary.isEndOfText($0)
    }.map { .string(vocabulary.addedText($0)) }
  }

  private func addedToken(_ id: Int) -> JSONValue.Member {
    .init(
      String(id),
      [
        "content": .string(vocabulary.addedText(id)), "lstrip": false, "normalized": false,
        "rstrip": false, "single_word": false, "special": .bool(vocabulary.kinds[id] == .special),
      ])
  }
}
