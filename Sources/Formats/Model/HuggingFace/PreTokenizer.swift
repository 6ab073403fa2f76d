/// A value of `tokenizer.ggml.pre` whose meaning `tokenizer.json` can express; Specs/names.md §4.
public struct PreTokenizer: Sendable, Hashable {
  /// The value in the file.
  public let name: String
  /// How text is split before merging.
  let pattern: String
  /// `tokenizer_class` of `tokenizer_config.json`. Where transformers 5 has no class for a model of
  /// this library with this pattern, the general one that takes `tokenizer.json` as it is.
  let tokenizerClass: String

  /// The ones that are known. `qwen35` keeps combining marks with their letters.
  static let all = [
    PreTokenizer(name: "qwen2", pattern: pattern(marks: ""), tokenizerClass: "Qwen2Tokenizer"),
    PreTokenizer(
      name: "qwen35", pattern: pattern(marks: #"\p{M}"#), tokenizerClass: "PreTrainedTokenizerFast"),
  ]

  private static func pattern(marks: String) -> String {
    let word = marks.isEmpty ? #"\p{L}+"# : #"[\p{L}"# + marks + "]+"
    return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?"# + word + #"|\p{N}| ?[^\s\p{L}"#
      + marks + #"\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// Reads `tokenizer.ggml.model` and `tokenizer.ggml.pre`.
  ///
  /// - Throws: `unsupported` for what is not known: then the tokenizer's files must come from
  ///   elsewhere.
  public init(metadata: GGUFMetadata) throws(FormatError) {
    let model = try metadata.string("tokenizer.ggml.model")
    guard let model, model.utf8.elementsEqual("gpt2".utf8) else {
      throw Self.unknown("tokenizer.ggml.model", model, known: "gpt2")
    }
    let name = try metadata.string("tokenizer.ggml.pre")
    let match = Self.all.first { $0.name.utf8.elementsEqual((name ?? "").utf8) }
    guard let match else {
      let known = Self.all.map(\.name).joined(separator: " or ")
      throw Self.unknown("tokenizer.ggml.pre", name, known: known)
    }
    self = match
  }

  private init(name: String, pattern: String, tokenizerClass: String) {
    self.name = name
    self.pattern = pattern
    self.tokenizerClass = tokenizerClass
  }

  private static func unknown(_ key: String, _ value: String?, known: String) -> FormatError {
    Vocabulary.refusal(
      "'\(key)' must be \(known), is " + (value.map { "'\($0.quoted())'" } ?? "missing"))
  }
}
