import Testing

@testable import Formats

@Suite("Tokenizer files from GGUF keys")
struct VocabularyTests {
  /// `a b` and their merge, a control token, an added one, and padding.
  static let base: [(String, GGUFValue?)] = [
    ("tokenizer.ggml.model", .text("gpt2")), ("tokenizer.ggml.pre", .text("qwen2")),
    ("tokenizer.ggml.tokens", .strings(["a", "b", "ab", "<|im_end|>", "<think>", "[PAD5]"])),
    ("tokenizer.ggml.token_type", .integers([1, 1, 1, 3, 4, 5])),
    ("tokenizer.ggml.merges", .strings(["a b"])),
  ]

  func vocabulary(_ changes: [(String, GGUFValue?)] = []) throws -> Vocabulary {
    try Vocabulary(metadata: GGUFMetadata().with(Self.base).with(changes))
  }

  static func notUTF8() -> GGUFValue {
    .strings([[0x61], [0x62], [0x61, 0x62], [0xFF, 0x0A], [0x64], [0x65]])
  }

  static let hint =
    "; this tokenizer cannot be rebuilt, its files can be taken from a directory with "
    + "--tokenizer-from DIR"

  static let refusals: [(String, GGUFValue?, FormatError.Code, String)] = [
    (
      "tokenizer.ggml.model", .text("llama"), .unsupported,
      "'tokenizer.ggml.model' must be gpt2, is 'llama'" + hint
    ),
    (
      "tokenizer.ggml.pre", .text("llama-bpe"), .unsupported,
      "'tokenizer.ggml.pre' must be qwen2 or qwen35, is 'llama-bpe'" + hint
    ),
    (
      "tokenizer.ggml.pre", nil, .unsupported,
      "'tokenizer.ggml.pre' must be qwen2 or qwen35, is missing" + hint
    ),
    (
      "tokenizer.ggml.add_bos_token", .bool(true), .unsupported,
      "'tokenizer.ggml.add_bos_token' is true" + hint
    ),
    (
      "tokenizer.ggml.tokens", nil, .unsupported,
      "metadata key 'tokenizer.ggml.tokens' is missing; this tokenizer cannot be rebuilt, its files "
        + "can be taken from a directory with --tokenizer-from DIR"
    ),
    (
      "tokenizer.ggml.token_type", .integers([1, 1]), .malformed,
      "'tokenizer.ggml.tokens' has 6 elements, 'tokenizer.ggml.token_type' has 2"
    ),
    (
      "tokenizer.ggml.token_type", .integers([1, 2, 1, 3, 4, 5]), .unsupported,
      "token 1 has the type 2, which is none of 1, 3, 4, 5, 6" + hint
    ),
    (
      "tokenizer.ggml.tokens", notUTF8(), .malformed,
      "token 3 must be UTF-8, is '\u{FFFD}\\\\n'"
    ),
    (
      "tokenizer.ggml.tokens", .strings(["a", "b", "ab", "a", "c", "d"]), .malformed,
      "tokens 0 and 3 are the same: 'a'"
    ),
    (
      "tokenizer.ggml.merges", .strings(["a b", "ab"]), .malformed,
      "merge 1, 'ab', must be two tokens with one space between them"
    ),
    (
      "tokenizer.ggml.merges", .strings(["a b", "a  b"]), .malformed,
      "merge 1, 'a  b', must be two tokens with one space between them"
    ),
    (
      "tokenizer.ggml.merges", .strings([" b"]), .malformed,
      "merge 0, ' b', must be two tokens with one space between them"
    ),
    (
      "tokenizer.ggml.merges", .strings(["b a"]), .malformed, "merge 0, 'b a', needs the token 'ba'"
    ),
    ("tokenizer.ggml.merges", .strings(["x b"]), .malformed, "merge 0, 'x b', needs the token 'x'"),
    (
      "tokenizer.chat_template", .string(ByteString([0xFF])), .malformed,
      "metadata key 'tokenizer.chat_template' must be a string in UTF-8, is a string that is not UTF-8"
    ),
  ]

  @Test("A tokenizer that is wrong or unknown is refused", arguments: refusals.indices)
  func refusal(index: Int) throws {
    let (key, value, code, message) = Self.refusals[index]
    #expect {
      try vocabulary([(key, value)])
    } throws: {
      let error = $0 as? FormatError
      return error?.code == code
        && error?.description == message.replacing("\\\\n", with: "\\n")
    }
  }

  @Test("Padding at the end stays out, added tokens before a normal one do not")
  func ids() throws {
    let plain = try vocabulary()
    #expect(plain.vocabularyIDs == 0..<3)
    #expect(plain.addedIDs == [3, 4])
    #expect(plain.text(of: 5) == nil)
    // A reader numbers added tokens from the vocabulary's count: ids 0 to 4 must be in it.
    let tokens = ["a", "b", "ab", "<|im_end|>", "[PAD4]", "<think>"]
    let mixed = try vocabulary([
      ("tokenizer.ggml.tokens", .strings(tokens)),
      ("tokenizer.ggml.token_type", .integers([1, 1, 1, 3, 5, 4])),
    ])
    #expect(mixed.vocabularyIDs == 0..<5)
    #expect(mixed.addedIDs == [3, 5])
  }

  @Test("A vocabulary of nothing but added tokens meets the limit")
  func addedTokens() throws {
    let count = Limit.addedTokens.standard + 1
    #expect {
      try vocabulary([
        ("tokenizer.ggml.tokens", .strings((0..<count).map { "<\($0)>" })),
        ("tokenizer.ggml.token_type", .integers(Array(repeating: 4, count: count))),
      ])
    } throws: {
      let error = $0 as? FormatError
      return error?.code == .limit
        && error?.message
          == "there are 65537 added tokens, the limit is 65536: --limit added-tokens=N raises it"
    }
  }

  @Test("Names that are the same but for their normal form are two tokens")
  func normalForms() throws {
    let tokens = ["a", "b", "ab", "caf\u{E9}", "cafe\u{301}", "[PAD5]"]
    #expect(try vocabulary([("tokenizer.ggml.tokens", .strings(tokens))]).addedIDs == [3, 4])
  }

  @Test("Several chat templates become a list, the default one first")
  func templates() throws {
    let vocabulary = try vocabulary([
      ("tokenizer.chat_template.tool_use", .text("{{ tools }}")),
      ("tokenizer.chat_template", .text("{{ \"\n\u{7F}\u{1}\" }}")),
    ])
    #expect(
      ChatTemplate.json(vocabulary.templates) == [
        ["name": "default", "template": "{{ \"\n\u{7F}\u{1}\" }}"],
        ["name": "tool_use", "template": "{{ tools }}"],
      ])
    #expect(ChatTemplate.json([]) == nil)
  }

  @Test("qwen35 keeps marks with their letters")
  func qwen35() throws {
    let vocabulary = try vocabulary([("tokenizer.ggml.pre", .text("qwen35"))])
    #expect(
      vocabulary.preTokenizer.pattern
        == #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}"#
        + #"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#)
    #expect(vocabulary.preTokenizer.tokenizerClass == "PreTrainedTokenizerFast")
  }

  @Test("Qwen's own vocabulary goes in and comes out whole")
  func realVocabulary() throws {
    let (metadata, _) = try MetadataReader.read("vocab/ggml-vocab-qwen2.gguf")
    let vocabulary = try Vocabulary(metadata: metadata)
    #expect(vocabulary.count == 151_936)
    #expect(vocabulary.vocabularyIDs == 0..<151_643)
    #expect(vocabulary.addedIDs == [151_643, 151_644, 151_645])
    #expect(vocabulary.merges.count == 151_387)
  }
}
