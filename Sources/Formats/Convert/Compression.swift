/// How files are compressed.
public enum Compression: Sendable, Hashable {
  /// By zstd, in frames with a seek table, at a level from 1 to 22.
  case zstd(level: Int)

  /// The level that the programs of zstd take.
  public static let defaultLevel = 3

  /// Reads `zstd` or `zstd:19`.
  ///
  /// - Throws: `usage` for anything else.
  public init(parsing text: String) throws(FormatError) {
    let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.first == "zstd" else {
      throw FormatError(.usage, "needed 'zstd' or 'zstd:LEVEL', found '\(text.quoted())'")
    }
    guard pieces.count > 1 else {
      self = .zstd(level: Self.defaultLevel)
      return
    }
    guard let level = Int(pieces[1]), Zstd.levels.contains(level) else {
      throw FormatError(
        .usage,
        "levels go from \(Zstd.levels.lowerBound) to \(Zstd.levels.upperBound), not to "
          + "'\(String(pieces[1]).quoted())'")
    }
    self = .zstd(level: level)
  }

  /// 1 to 22.
  var level: Int {
    switch self {
    case .zstd(let level): level
    }
  }

  /// As it is parsed.
  public var description: String { "zstd:\(level)" }
}
