/// How large a model may be that this library takes for one: far beyond any that exists, and small
/// enough that products of two of these numbers mean something.
enum ModelLimits {
  /// Layers.
  static let layers = 10_000
  /// Query heads.
  static let heads = 65_536
  /// Width of the residual stream, of the feed-forward block, of a head.
  static let width = 1 << 24
  /// Tokens of a vocabulary.
  static let vocabulary = 1 << 24
  /// Merges of a vocabulary.
  static let merges = 1 << 24
  /// Added tokens of a vocabulary: `tokenizer_config.json` describes each of them in eight lines.
  static let addedTokens = 1 << 16
  /// Positions of a context.
  static let context = 1 << 40

  /// Bytes of a `config.json`: it is held in memory.
  static let configByteCount = 64 << 20
  /// Bytes of a `tokenizer.json`: they are held in memory while it is read.
  static let tokenizerByteCount = 64 << 20
}
