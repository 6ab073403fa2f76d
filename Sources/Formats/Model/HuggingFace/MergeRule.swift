/// What a merge must be, whichever file it comes from: two tokens with one space between them, whose
/// join is a token too.
struct MergeRule {
  private var bytes: [UInt8] = []
  /// The number after that of the joined token before: mostly this one's, for tokens are numbered as
  /// they were made by merges.
  private var guess = 0

  /// Where the space between two tokens is, or `nil` where a text is no merge. The byte-level alphabet
  /// has no space, so that the only one is the one between the two.
  static func middle(of line: RawSpan) -> Int? {
    var place: Int?
    for index in 0..<line.byteCount where line.byte(at: index) == UInt8(ascii: " ") {
      guard place == nil else { return nil }
      place = index
    }
    guard let place, place > 0, place + 1 < line.byteCount else { return nil }
    return place
  }

  /// Checks a merge.
  ///
  /// - Throws: `malformed`, with its rank and text.
  mutating func merge(
    _ rank: Int, of lines: ByteStrings, _ tokens: ByteStrings, _ index: ByteStringIndex
  ) throws(FormatError) -> Vocabulary.Merge {
    do throws(FormatError) {
      return try lines.withBytes(of: rank) { (line) throws(FormatError) in
        try merge(line, tokens, index)
      }
    } catch {
      throw FormatError(
        error.code,
        "merge \(rank), '\(lines.string(rank).repairedText.quoted())', \(error.message)")
    }
  }

  private mutating func merge(
    _ line: RawSpan, _ tokens: ByteStrings, _ index: ByteStringIndex
  ) throws(FormatError) -> Vocabulary.Merge {
    guard let middle = Self.middle(of: line) else {
      throw FormatError(.malformed, "must be two tokens with one space between them")
    }
    let left = line.extracting(0..<middle)
    let right = line.extracting(middle + 1..<line.byteCount)
    let merge = Vocabulary.Merge(
      left: try Self.number(left, tokens, index), right: try Self.number(right, tokens, index))
    try checkJoined(left, right, tokens, index)
    return merge
  }

  private mutating func checkJoined(
    _ left: RawSpan, _ right: RawSpan, _ tokens: ByteStrings, _ index: ByteStringIndex
  ) throws(FormatError) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(left)
    bytes.append(right)
    let guess = guess
    let number = try bytes.withBytes { (whole) throws(FormatError) in
      if guess < index.count, tokens.withBytes(of: guess, { $0.hasSameBytes(as: whole) }) {
        return guess
      }
      return Int(try Self.number(whole, tokens, index))
    }
    self.guess = number + 1
  }

  private static func number(
    _ token: RawSpan, _ tokens: ByteStrings, _ index: ByteStringIndex
  ) throws(FormatError) -> UInt32 {
    if let number = index.number(of: token, in: tokens) {
      return UInt32(truncatingIfNeeded: number)
    }
    var bytes: [UInt8] = []
    bytes.append(token)
    throw FormatError(
      .malformed, "needs the token '\(ByteString(bytes).repairedText.quoted())'")
  }
}
