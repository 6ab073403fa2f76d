/// `tokenizer.ggml.tokens` and `tokenizer.ggml.token_type`; Specs/names.md §8.
struct TokenArrays {
  private(set) var texts = ByteStrings()
  private(set) var types: [Int32] = []

  /// The numbers of token types in the file.
  private enum Kind {
    static let normal: Int32 = 1
    static let control: Int32 = 3
    static let userDefined: Int32 = 4
    static let unused: Int32 = 5
  }

  /// - Throws: `malformed` for an added token whose id is another token's.
  init(_ tokenizer: TokenizerDocument, added: [TokenizerDocument.AddedToken]) throws(FormatError) {
    var byID: [Int: TokenizerDocument.AddedToken] = [:]
    for token in added {
      let there = byID.updateValue(token, forKey: token.id)?.text ?? tokenizer.text(token.id)
      guard let there, !there.utf8.elementsEqual(token.text.utf8) else { continue }
      throw FormatError(
        .malformed,
        "the tokens '\(there.quoted())' and '\(token.text.quoted())' have the same id, \(token.id)"
      ).located(file: tokenizer.file)
    }
    let size = tokenizer.vocabularySize
    types.reserveCapacity(size)
    texts.reserve(size, byteCount: tokenizer.texts.bytes.count)
    var start = 0
    for token in byID.values.sorted(by: { $0.id < $1.id }) {
      appendTokens(start..<token.id, of: tokenizer)
      append(token)
      start = token.id + 1
    }
    appendTokens(start..<size, of: tokenizer)
  }

  /// Tokens that are not added ones, and padding where there is none.
  private mutating func appendTokens(_ ids: Range<Int>, of tokenizer: TokenizerDocument) {
    for id in ids {
      if let number = tokenizer.number(id) {
        tokenizer.texts.withBytes(of: number) { texts.bytes.append($0) }
        texts.endString()
        types.append(Kind.normal)
      } else {
        append("[PAD\(id)]", Kind.unused)
      }
    }
  }

  /// An added token that is not special may be marked so by its looks; SentencePiece's space is
  /// written as a space.
  private mutating func append(_ token: TokenizerDocument.AddedToken) {
    if token.isSpecial || Self.looksSpecial(token.text) {
      append(token.text, Kind.control)
    } else {
      append(String(token.text.replacing("\u{2581}", with: " ")), Kind.userDefined)
    }
  }

  private mutating func append(_ text: String, _ type: Int32) {
    texts.append(text)
    types.append(type)
  }

  private static func looksSpecial(_ text: String) -> Bool {
    let brackets = [("<|", "|>"), ("<\u{FF5C}", "\u{FF5C}>"), ("<unused", ">")]
    return ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].contains(text)
      || brackets.contains { text.hasPrefix($0.0) && text.hasSuffix($0.1) }
  }
}
