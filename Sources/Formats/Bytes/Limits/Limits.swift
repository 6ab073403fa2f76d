/// How much of a file this library is willing to believe; Specs/limits.md.
///
/// Far beyond any model that exists. Whoever has a larger one raises the limit that the error names:
///
///     var limits = Limits()
///     limits[.ggufHeader] = 1 << 30
///     let model = try Model(opening: path, limits: limits)
public struct Limits: Sendable, Hashable {
  /// The limits where nobody says otherwise.
  public static let standard = Limits()

  /// What was set, by ``Limit``.
  private var changes: [Limit: Int] = [:]

  /// The published limits.
  public init() {}

  /// The value of a limit; what is set is kept from 0 to its ``Limit/ceiling``.
  public subscript(_ limit: Limit) -> Int {
    get { changes[limit] ?? limit.standard }
    set { changes[limit] = min(max(newValue, 0), limit.ceiling) }
  }

  /// Sets what a text such as `gguf-header=1GiB` says.
  ///
  /// - Throws: `usage` for another name, for no number, and for one beyond the limit's ceiling.
  public mutating func set(parsing text: String) throws(FormatError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw FormatError(
        .usage, "needed a limit such as gguf-header=1GiB, found '\(text.quoted())'")
    }
    guard let limit = Limit(rawValue: String(parts[0])) else {
      let names = Limit.allCases.map(\.rawValue).joined(separator: ", ")
      throw FormatError(
        .usage, "there is no limit '\(String(parts[0]).quoted())', there are \(names)")
    }
    let value = try ByteSize(parsing: String(parts[1])).byteCount
    guard value <= limit.ceiling else {
      throw FormatError(
        .usage, "the limit \(limit.rawValue) can be \(limit.ceiling) at most, not \(value)")
    }
    self[limit] = value
  }

  /// The error for something beyond a limit.
  ///
  /// - Parameters:
  ///   - found: What was found, as the beginning of a sentence.
  ///   - value: Its number, where that is known: no option raises a limit beyond its ceiling.
  func exceeded(
    _ found: String, _ limit: Limit, value: Int? = nil, at offset: Int? = nil
  ) -> FormatError {
    let advice =
      if let value, value > limit.ceiling {
        "no option raises it beyond \(limit.ceiling)"
      } else {
        "--limit \(limit.rawValue)=N raises it"
      }
    return FormatError(.limit, "\(found), the limit is \(self[limit]): \(advice)", at: offset)
  }
}

extension Limit {
  /// The error for an output that would go beyond what readers take; no flag raises that.
  static func exceededInWriting(_ found: String, _ limit: Int) -> FormatError {
    FormatError(.limit, "\(found), at most \(limit) are written")
  }
}
