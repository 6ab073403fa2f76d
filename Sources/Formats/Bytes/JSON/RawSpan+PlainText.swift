extension RawSpan {
  /// Where the run of bytes that stand in a JSON string as they are ends: at the next quote,
  /// backslash or control character, or at the end of the span.
  ///
  /// - Parameters:
  ///   - start: Where the run begins.
  ///   - isASCII: Whether it ends also at a byte that is no ASCII.
  @inline(__always)
  func endOfPlainText(from start: Int, isASCII: Bool) -> Int {
    var index = start
    let ones: UInt64 = 0x0101_0101_0101_0101
    while byteCount - index >= 8 {
      let word = load(index, as: UInt64.self)
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      // A difference borrows from the bit above it where a byte is smaller than what is taken away;
      // the lowest such byte is told rightly, those above it may not be.
      var stops = (quotes &- ones) & ~quotes
      stops |= (backslashes &- ones) & ~backslashes
      stops |= (word &- (ones &* 0x20)) & ~word
      if isASCII { stops |= word }
      stops &= ones &* 0x80
      if stops != 0 { return index &+ stops.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < byteCount {
      let byte = byte(at: index)
      if byte == 0x22 || byte == 0x5C || byte < 0x20 || (isASCII && byte >= 0x80) { break }
      index &+= 1
    }
    return index
  }

  /// Where the run of spaces ends that begins at `start`: indented documents are made of them.
  @inline(__always)
  func endOfSpaces(from start: Int) -> Int {
    var index = start
    while byteCount - index >= 8 {
      let others = load(index, as: UInt64.self) ^ 0x2020_2020_2020_2020
      if others != 0 { return index &+ others.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < byteCount, byte(at: index) == 0x20 { index &+= 1 }
    return index
  }
}
