/// `tokenizer.ggml.tokens` and `tokenizer.ggml.token_type`; Specs/names.md §8.
struct TokenArrays {
  private(set) var texts = ByteWriter()
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
      let there = byID.updateValue(token, forKey: token.id)?.text ?? tokenizer.vocabulary[token.id]
      guard let there, !there.utf8.elementsEqual(token.text.utf8) else { continue }
      throw FormatError(
        .malformed,
        "the tokens '\(there.quoted())' and '\(token.text.quoted())' have the same id, \(token.id)"
      ).located(file: tokenizer.file)
    }
    types.reserveCapacity(tokenizer.vocabulary.count)
    for (id, text) in tokenizer.vocabulary.enumerated() {
      if let token = byID[id] {
        append(token)
      } else if let text {
        append(text, Kind.normal)
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
    texts.append(gguf: Array(text.utf8))
    types.append(type)
  }

  private static func looksSpecial(_ text: String) -> Bool {
    let brackets = [("<|", "|>"), ("<\u{FF5C}", "\u{FF5C}>"), ("<unused", ">")]
    return ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].contains(text)
      || brackets.contains { text.hasPrefix($0.0) && text.hasSuffix($0.1) }
  }
}
