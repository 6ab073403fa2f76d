extension RawSpan {
  /// The last eight bytes, or all where there are fewer; some of these may be in it twice.
  @inline(__always)
  var lastWord: UInt64 {
    let count = byteCount
    if count >= 8 { return load(count &- 8, as: UInt64.self) }
    if count >= 4 {
      return UInt64(load(0, as: UInt32.self)) << 32 | UInt64(load(count &- 4, as: UInt32.self))
    }
    guard count > 0 else { return 0 }
    return UInt64(byte(at: 0)) << 16 | UInt64(byte(at: count >> 1)) << 8
      | UInt64(byte(at: count &- 1))
  }

  /// Whether another span has the same bytes.
  @inline(__always)
  func hasSameBytes(as other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    var offset = 0
    while byteCount &- offset > 8 {
      guard load(offset, as: UInt64.self) == other.load(offset, as: UInt64.self) else {
        return false
      }
      offset &+= 8
    }
    return lastWord == other.lastWord
  }

  /// Whether the span begins with another one.
  @inline(__always)
  func starts(with prefix: RawSpan) -> Bool {
    byteCount >= prefix.byteCount && extracting(first: prefix.byteCount).hasSameBytes(as: prefix)
  }

  /// Whether the span ends in another one.
  @inline(__always)
  func ends(in suffix: RawSpan) -> Bool {
    byteCount >= suffix.byteCount && extracting(last: suffix.byteCount).hasSameBytes(as: suffix)
  }

  /// How many bytes two spans begin with that are the same.
  func commonPrefix(with other: RawSpan) -> Int {
    let count = min(byteCount, other.byteCount)
    var index = 0
    while count - index >= 8 {
      let difference = load(index, as: UInt64.self) ^ other.load(index, as: UInt64.self)
      if difference != 0 { return index &+ difference.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count, byte(at: index) == other.byte(at: index) { index &+= 1 }
    return index
  }
}
