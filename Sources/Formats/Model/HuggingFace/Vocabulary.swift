/// The byte-level BPE vocabulary of a GGUF file, as far as tokenizer files need it; Specs/names.md §4.
///
/// Texts lie in one buffer, and a merge is two ids: 150,000 tokens are no 150,000 allocations.
public struct Vocabulary: Sendable {
  /// What a token is.
  enum Kind: UInt8, Sendable {
    /// A token of the byte-level alphabet, made by merges.
    case normal
    /// Cut out of the text before merging, and left out where special tokens are skipped.
    case special
    /// Cut out of the text before merging.
    case added
    /// Fills the vocabulary up to the rows of the embedding.
    case padding
  }

  /// The ids of two tokens that become one.
  struct Merge: Sendable {
    let left: UInt32
    let right: UInt32
  }

  /// How text is split.
  public let preTokenizer: PreTokenizer
  /// Every token of the file by its id, padding included; each is UTF-8.
  let tokens: ByteStrings
  let kinds: [Kind]
  /// In order of rank.
  let merges: [Merge]
  /// The chat templates, the default one first.
  let templates: [ChatTemplate]

  /// How many tokens the file has, padding included; the rows of the embedding.
  public var count: Int { tokens.count }

  /// The ids of `model.vocab`: all those before the added tokens at the end.
  ///
  /// Readers of tokenizer.json number added tokens by themselves, upwards from the vocabulary's
  /// count. So added tokens and padding that lie before a normal token must be part of it.
  let vocabularyIDs: Range<Int>
  /// The ids of added tokens.
  let addedIDs: [Int]
}

extension Vocabulary {
  /// The text of a token that can occur, or `nil` for padding and ids beyond the end.
  public func text(of id: Int?) -> String? {
    guard let id, kinds.indices.contains(id), kinds[id] != .padding else { return nil }
    return tokens.string(id).text
  }

  /// The text of an added token.
  func addedText(_ id: Int) -> String { tokens.string(id).repairedText }

  /// Whether a token is Qwen's `<|endoftext|>`, at which generation stops besides the end of a turn.
  func isEndOfText(_ id: Int) -> Bool {
    text(of: id)?.utf8.elementsEqual(QwenTokens.endOfText.utf8) ?? false
  }

  /// The refusal of a tokenizer that cannot be rebuilt, with the way out.
  static func refusal(_ message: String) -> FormatError {
    FormatError(
      .unsupported,
      message + "; this tokenizer cannot be rebuilt, its files can be taken from a directory with "
        + "--tokenizer-from DIR")
  }
}

/// What is known about the tokens of Qwen's vocabularies beyond what a GGUF file says.
enum QwenTokens {
  /// The text that ends a document.
  static let endOfText = "<|endoftext|>"

  /// Tokens that are not special in Qwen's own files, but that llama.cpp's converter marks as
  /// control tokens because of their looks.
  private static let looksSpecial = Set(
    [
      "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>",
      "<|file_sep|>",
    ].map { ByteString($0) })

  static func isSpecial(_ control: ByteString) -> Bool { !looksSpecial.contains(control) }
}
