/// How much of a GGUF file this library is willing to believe; Specs/gguf.md §10.
///
/// Bytes that are not there are refused before any of these counts. What the limits add is a bound
/// for files that really are that large, and for streams whose end nobody knows yet.
enum GGUFLimits {
  /// Metadata keys in a file. Published models have fewer than 100.
  static let keyCount = 1 << 20
  /// Tensors in a file.
  static let tensorCount = 1 << 20
  /// Bytes of a metadata key: what the format's description allows.
  static let keyByteCount = 65_535
  /// Bytes of a string that is held in memory; a chat template has some thousands.
  static let stringByteCount = 1 << 26
  /// Bytes from the start of the file to the end of the metadata and tensor infos.
  static let headerByteCount = 1 << 29
  /// Arrays within arrays.
  static let arrayDepth = 4
  /// Bytes of a tensor's name: the format's description says "at most 64".
  static let nameByteCount = 64
  /// Bytes of a tensor's name that is written: ggml keeps a terminator in the same 64 bytes.
  static let writtenNameByteCount = 63
  /// Dimensions of a tensor.
  static let rank = 4
  /// Bytes that `general.alignment` may ask for.
  static let alignment = 65_536
  /// Files that one model may be split into.
  static let shardCount = 10_000

  /// The error for something beyond a limit.
  ///
  /// - Parameters:
  ///   - found: What was found, as the beginning of a sentence.
  ///   - name: The limit's name in ``GGUFLimits``.
  static func exceeded(
    _ found: String, _ name: String, _ limit: Int, at offset: Int? = nil
  ) -> FormatError {
    FormatError(.limit, "\(found), the limit '\(name)' is \(limit)", at: offset)
  }
}
