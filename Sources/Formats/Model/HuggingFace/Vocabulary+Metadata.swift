extension Vocabulary {
  /// Reads and checks `tokenizer.*`.
  ///
  /// - Throws: `unsupported` for a tokenizer that cannot be rebuilt; `malformed` for arrays that do
  ///   not fit each other, tokens that are not UTF-8 or there twice, and merges of or into what is
  ///   no token; `limit` for more tokens than ``Limit/vocabulary`` allows.
  public init(metadata: GGUFMetadata, limits: Limits = .standard) throws(FormatError) {
    preTokenizer = try PreTokenizer(metadata: metadata)
    for key in ["tokenizer.ggml.add_bos_token", "tokenizer.ggml.add_eos_token"]
    where try metadata.bool(key) == true {
      throw Self.refusal("'\(key)' is true")
    }
    tokens = try Self.strings("tokenizer.ggml.tokens", metadata, limits, .vocabulary)
    kinds = try Self.kinds(metadata, tokens)
    if let id = tokens.firstInvalid() {
      throw FormatError(
        .malformed, "token \(id) must be UTF-8, is '\(tokens.string(id).repairedText.quoted())'")
    }
    let end = (kinds.lastIndex { $0 != .padding } ?? -1) + 1
    let tail = (kinds[..<end].lastIndex { !$0.isAdded } ?? -1) + 1
    vocabularyIDs = 0..<tail
    addedIDs = (0..<end).filter { [kinds] in kinds[$0].isAdded }
    guard addedIDs.count <= limits[.addedTokens] else {
      throw limits.exceeded("there are \(addedIDs.count) added tokens", .addedTokens)
    }
    merges = try Self.merges(metadata, limits, tokens, Self.index(tokens, upTo: end))
    templates = try ChatTemplate.all(metadata)
  }

  private static func strings(
    _ key: String, _ metadata: GGUFMetadata, _ limits: Limits, _ limit: Limit
  ) throws(FormatError) -> ByteStrings {
    let array = try needed(key, metadata)
    guard array.count <= limits[limit] else {
      throw limits.exceeded("'\(key)' has \(array.count) elements", limit)
    }
    return try array.byteStrings()
  }

  private static func needed(
    _ key: String, _ metadata: GGUFMetadata
  ) throws(FormatError) -> GGUFArray {
    guard let array = try metadata.array(key) else {
      throw refusal("metadata key '\(key)' is missing")
    }
    return array
  }

  private static func kinds(
    _ metadata: GGUFMetadata, _ tokens: ByteStrings
  ) throws(FormatError) -> [Kind] {
    let array = try needed("tokenizer.ggml.token_type", metadata)
    guard array.count == tokens.count else {
      throw FormatError(
        .malformed,
        "'tokenizer.ggml.tokens' has \(tokens.count) elements, 'tokenizer.ggml.token_type' has "
          + "\(array.count)")
    }
    return try array.integers().enumerated().map { (id, type) throws(FormatError) in
      switch type {
      case 1, 6: return .normal
      case 3: return QwenTokens.isSpecial(tokens.string(id)) ? .special : .added
      // Older converters fill gaps with added tokens.
      case 4: return tokens.string(id) == ByteString("[PAD\(id)]") ? .padding : .added
      case 5: return .padding
      default: throw refusal("token \(id) has the type \(type), which is none of 1, 3, 4, 5, 6")
      }
    }
  }

  private static func index(
    _ tokens: ByteStrings, upTo end: Int
  ) throws(FormatError) -> ByteStringIndex {
    var index = ByteStringIndex(capacity: end)
    for id in 0..<end {
      guard let first = index.insert(id, of: tokens) else { continue }
      throw FormatError(
        .malformed,
        "tokens \(first) and \(id) are the same: '\(tokens.string(id).repairedText.quoted())'")
    }
    return index
  }

  private static func merges(
    _ metadata: GGUFMetadata, _ limits: Limits, _ tokens: ByteStrings, _ index: ByteStringIndex
  ) throws(FormatError) -> [Merge] {
    let lines = try strings("tokenizer.ggml.merges", metadata, limits, .merges)
    var merges: [Merge] = []
    merges.reserveCapacity(lines.count)
    var rule = MergeRule()
    for rank in 0..<lines.count {
      merges.append(try rule.merge(rank, of: lines, tokens, index))
    }
    return merges
  }
}

extension Vocabulary.Kind {
  /// Whether tokenizer.json lists the token under `added_tokens`.
  var isAdded: Bool { self == .special || self == .added }
}
