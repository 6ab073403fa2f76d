/// Many byte strings in one buffer, one after the other: none has memory of its own.
struct ByteStrings: Sendable {
  /// The strings, and after the last one what has been appended of the next.
  var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// How many strings there are.
  var count: Int { ends.count }

  /// Where the last string ends, and the next one begins.
  private var start: Int { ends.last ?? 0 }

  /// Makes room, so that nothing grows step by step.
  ///
  /// - Parameters:
  ///   - count: Strings that are known to follow.
  ///   - byteCount: The bytes of all of them, as far as they are known.
  mutating func reserve(_ count: Int, byteCount: Int) {
    ends.reserveCapacity(ends.count + count)
    bytes.reserveCapacity(bytes.count + byteCount)
  }

  /// Ends the string whose bytes have been appended to ``bytes``.
  @inline(__always)
  mutating func endString() { ends.append(bytes.count) }

  /// Takes back the last string.
  mutating func removeLast() {
    guard ends.popLast() != nil else { return }
    bytes.removeSubrange(start...)
  }

  /// Appends a text's UTF-8.
  mutating func append(_ text: String) {
    text.withBytes { bytes.append($0) }
    endString()
  }

  /// Where in ``bytes`` a string lies.
  @inline(__always)
  subscript(index: Int) -> Range<Int> {
    let end = ends[index]
    return (index > 0 ? ends[index &- 1] : 0)..<end
  }

  /// Lends a string's bytes.
  @inline(__always)
  func withBytes<Result, Failure: Error>(
    of index: Int, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withBytes { (span) throws(Failure) in try body(span.extracting(self[index])) }
  }

  /// A string by itself.
  func string(_ index: Int) -> ByteString { ByteString(Array(bytes[self[index]])) }

  /// The number of the first string that is not UTF-8, or `nil`.
  ///
  /// The whole is looked at once. Where it is UTF-8 and no string begins within a character, each
  /// string is UTF-8 by itself.
  func firstInvalid() -> Int? {
    let isWholeValid = (try? UTF8Span(validating: bytes.span)) != nil
    let indices = 0..<count
    guard isWholeValid, start == bytes.count, !indices.contains(where: beginsWithinCharacter)
    else { return indices.first { string($0).text == nil } }
    return nil
  }

  private func beginsWithinCharacter(_ index: Int) -> Bool {
    let range = self[index]
    return !range.isEmpty && bytes[range.lowerBound] & 0xC0 == 0x80
  }
}
