/// Orders names as people do: runs of digits by their number, everything else by its bytes.
struct NaturalKey: Comparable {
  private let name: String

  init(_ name: String) { self.name = name }

  static func < (left: NaturalKey, right: NaturalKey) -> Bool { left.compare(right) < 0 }

  static func == (left: NaturalKey, right: NaturalKey) -> Bool { left.compare(right) == 0 }

  /// Less than zero where this name comes first, zero where the two are the same but for zeros
  /// before a number.
  private func compare(_ other: NaturalKey) -> Int {
    name.withBytes { left in other.name.withBytes { right in Self.compare(left, right) } }
  }

  private static func compare(_ left: RawSpan, _ right: RawSpan) -> Int {
    // The numbers that the first difference is in are to be read from their first digit.
    var i = left.commonPrefix(with: right)
    while i > 0, left.byte(at: i - 1).isDigit { i -= 1 }
    var j = i
    while i < left.byteCount, j < right.byteCount {
      let (a, b) = (left.byte(at: i), right.byte(at: j))
      switch (a.isDigit, b.isDigit) {
      case (true, true):
        let (one, other) = (left.digits(at: &i), right.digits(at: &j))
        if one.count != other.count { return one.count < other.count ? -1 : 1 }
        for (a, b) in zip(one, other) where left.byte(at: a) != right.byte(at: b) {
          return left.byte(at: a) < right.byte(at: b) ? -1 : 1
        }
      case (true, false): return -1
      case (false, true): return 1
      case (false, false):
        if a != b { return a < b ? -1 : 1 }
        i += 1
        j += 1
      }
    }
    return (i < left.byteCount ? 1 : 0) - (j < right.byteCount ? 1 : 0)
  }
}

extension RawSpan {
  /// Where the digits of a number lie that begins at `index`, without zeros before it; the index is
  /// moved behind them.
  fileprivate func digits(at index: inout Int) -> Range<Int> {
    while index < byteCount, byte(at: index) == UInt8(ascii: "0") { index += 1 }
    let start = index
    while index < byteCount, byte(at: index).isDigit { index += 1 }
    return start..<index
  }
}

extension UInt8 {
  /// Whether it is one of the digits of ASCII.
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
