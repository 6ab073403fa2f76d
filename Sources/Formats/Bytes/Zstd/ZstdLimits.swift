/// What is fixed about zstd files, whatever they ask for; Specs/zstd.md §2 and §4.
enum ZstdLimits {
  /// The window of a frame: libzstd's own default.
  static let windowByteCount = 1 << 27
  /// The content, and the compressed size, of a frame that is read as a whole. A file with larger
  /// ones is read front to back.
  static let frameByteCount = 1 << 24
  /// More frames than these, with less content than this on average, are read front to back.
  static let fineFrameCount = 1 << 12
  static let fineFrameByteCount = 1 << 12
  /// The content of a frame that is written. Random weights have nothing to gain from a longer reach,
  /// while who reads one byte decompresses a frame.
  static let writtenFrameByteCount = 1 << 20
  /// How far into a stream a step back may begin it anew: as far as a header can reach.
  static let rewindByteCount = 1 << 29
  /// What is kept of a stream that has gone by.
  static let lookBackByteCount = 1 << 22
  /// The decompressed frames that are kept for the next reads, of all files together.
  static let cacheByteCount = 1 << 25
  /// How many of them at most, however small: they are looked through one by one.
  static let cachedFrameCount = 256
}
