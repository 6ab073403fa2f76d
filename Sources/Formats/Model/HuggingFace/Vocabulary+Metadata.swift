extension Vocabulary {
  /// Reads and checks `tokenizer.*`.
  ///
  /// - Throws: `unsupported` for a tokenizer that cannot be rebuilt; `malformed` for arrays that do
  ///   not fit each other, tokens that are not UTF-8 or there twice, and merges of or into what is
  ///   no token; `limit` for more than `ModelLimits.vocabulary` tokens.
  public init(metadata: GGUFMetadata) throws(FormatError) {
    preTokenizer = try PreTokenizer(metadata: metadata)
    for key in ["tokenizer.ggml.add_bos_token", "tokenizer.ggml.add_eos_token"]
    where try metadata.bool(key) == true {
      throw Self.refusal("'\(key)' is true")
    }
    let texts = try Self.strings(
      "tokenizer.ggml.tokens", metadata, limit: ModelLimits.vocabulary, "ModelLimits.vocabulary")
    kinds = try Self.kinds(metadata, texts)
    tokens = try texts.enumerated().map { (id, token) throws(FormatError) in
      try Self.text(token, "token \(id)")
    }
    let end = (kinds.lastIndex { $0 != .padding } ?? -1) + 1
    let tail = (kinds[..<end].lastIndex { !$0.isAdded } ?? -1) + 1
    vocabularyIDs = 0..<tail
    addedIDs = (0..<end).filter { [kinds] in kinds[$0].isAdded }
    guard addedIDs.count <= ModelLimits.addedTokens else {
      throw FormatError(
        .limit,
        "\(addedIDs.count) added tokens are beyond ModelLimits.addedTokens = "
          + "\(ModelLimits.addedTokens)")
    }
    merges = try Self.merges(metadata, ids: Self.ids(texts[..<end]))
    templates = try ChatTemplate.all(metadata)
  }

  private static func strings(
    _ key: String, _ metadata: GGUFMetadata, limit: Int, _ limitName: String
  ) throws(FormatError) -> [ByteString] {
    let array = try needed(key, metadata)
    guard array.count <= limit else {
      throw FormatError(
        .limit, "'\(key)' has \(array.count) elements, beyond \(limitName) = \(limit)")
    }
    return try array.strings()
  }

  private static func needed(
    _ key: String, _ metadata: GGUFMetadata
  ) throws(FormatError) -> GGUFArray {
    guard let array = try metadata.array(key) else {
      throw refusal("metadata key '\(key)' is missing")
    }
    return array
  }

  private static func text(
    _ token: ByteString, _ what: @autoclosure () -> String
  ) throws(FormatError) -> String {
    guard let text = token.text else {
      throw FormatError(
        .malformed, "\(what()) must be UTF-8, is '\(token.repairedText.quoted())'")
    }
    return text
  }

  private static func kinds(
    _ metadata: GGUFMetadata, _ tokens: [ByteString]
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
      case 3: return QwenTokens.isSpecial(tokens[id]) ? .special : .added
      // Older converters fill gaps with added tokens.
      case 4: return tokens[id] == ByteString("[PAD\(id)]") ? .padding : .added
      case 5: return .padding
      default: throw refusal("token \(id) has the type \(type), which is none of 1, 3, 4, 5, 6")
      }
    }
  }

  private static func ids(_ tokens: ArraySlice<ByteString>) throws(FormatError)
    -> [ByteString: Int]
  {
    var ids = [ByteString: Int](minimumCapacity: tokens.count)
    for (id, token) in zip(tokens.indices, tokens) {
      guard let first = ids.updateValue(id, forKey: token) else { continue }
      throw FormatError(
        .malformed, "tokens \(first) and \(id) are the same: '\(token.repairedText.quoted())'")
    }
    return ids
  }

  private static func merges(
    _ metadata: GGUFMetadata, ids: [ByteString: Int]
  ) throws(FormatError) -> [Merge] {
    let lines = try strings(
      "tokenizer.ggml.merges", metadata, limit: ModelLimits.merges, "ModelLimits.merges")
    return try lines.enumerated().map { (index, line) throws(FormatError) in
      do throws(FormatError) {
        return try merge(line, ids)
      } catch {
        throw FormatError(
          error.code, "merge \(index), '\(line.repairedText.quoted())', \(error.message)")
      }
    }
  }

  private static func merge(
    _ line: ByteString, _ ids: [ByteString: Int]
  ) throws(FormatError) -> Merge {
    let bytes = line.bytes
    let space = UInt8(ascii: " ")
    // The byte-level alphabet has no space, so that the only one is the one between the two.
    guard let middle = bytes.firstIndex(of: space), middle == bytes.lastIndex(of: space),
      middle > 0, middle + 1 < bytes.count
    else {
      throw FormatError(.malformed, "must be two tokens with one space between them")
    }
    let left = ByteString(Array(bytes[..<middle]))
    let right = ByteString(Array(bytes[(middle + 1)...]))
    for token in [left, right, ByteString(left.bytes + right.bytes)] where ids[token] == nil {
      throw FormatError(.malformed, "needs the token '\(token.repairedText.quoted())'")
    }
    return Merge(left: try text(left, "its left part"), right: try text(right, "its right part"))
  }
}

extension Vocabulary.Kind {
  /// Whether tokenizer.json lists the token under `added_tokens`.
  var isAdded: Bool { self == .special || self == .added }
}
