/// The order of many names as ``NaturalKey`` has it, found without comparing digits again and again:
/// each name is written once as bytes whose order is that of the names.
struct NaturalOrder {
  private var keys = ByteStrings()

  init(_ names: some Collection<String>) {
    keys.reserve(names.count, byteCount: 0)
    for name in names {
      name.withBytes { keys.appendKey(of: $0) }
      keys.endString()
    }
  }

  /// The numbers of the names, in order; those of the same names in theirs.
  func sorted() -> [Int] {
    let shared = sharedByteCount
    var places = (0..<keys.count).map { index in
      (word: keys.withBytes(of: index) { $0.bigEndianWord(at: shared) }, index: index)
    }
    places.sort { one, other in
      // Nearly always the first bytes that differ anywhere tell.
      one.word != other.word ? one.word < other.word : precedes(one.index, other.index)
    }
    return places.map(\.index)
  }

  /// How many bytes all keys begin with.
  private var sharedByteCount: Int {
    guard keys.count > 1 else { return 0 }
    return keys.withBytes(of: 0) { first in
      (1..<keys.count).reduce(first.byteCount) { count, index in
        count == 0 ? 0 : min(count, keys.withBytes(of: index) { $0.commonPrefix(with: first) })
      }
    }
  }

  private func precedes(_ one: Int, _ other: Int) -> Bool {
    keys.withBytes(of: one) { left in
      keys.withBytes(of: other) { right in
        let count = left.commonPrefix(with: right)
        guard count < left.byteCount, count < right.byteCount else {
          return (left.byteCount, one) < (right.byteCount, other)
        }
        return left.byte(at: count) < right.byte(at: count)
      }
    }
  }
}

extension ByteStrings {
  /// A run of digits becomes a mark that comes before all else, how many digits there are, and these:
  /// so a number comes before one of more digits. Other bytes stay, but for those that look like marks.
  fileprivate mutating func appendKey(of name: RawSpan) {
    var index = 0
    while index < name.byteCount {
      let byte = name.byte(at: index)
      guard byte.isDigit else {
        if byte <= 2 { bytes.append(2) }
        bytes.append(byte)
        index += 1
        continue
      }
      while index < name.byteCount, name.byte(at: index) == UInt8(ascii: "0") { index += 1 }
      let start = index
      while index < name.byteCount, name.byte(at: index).isDigit { index += 1 }
      bytes.append(1)
      // A count of 255 and more goes on in the next byte.
      var count = index - start
      while count >= 255 {
        bytes.append(255)
        count -= 255
      }
      bytes.append(UInt8(count))
      for place in start..<index { bytes.append(name.byte(at: place)) }
    }
  }
}

extension RawSpan {
  /// Eight bytes, the first of them weighing most, and zeros where there are none.
  fileprivate func bigEndianWord(at offset: Int) -> UInt64 {
    if byteCount - offset >= 8 { return load(offset, as: UInt64.self).byteSwapped }
    return (offset..<offset + 8).reduce(0) { word, index in
      word << 8 | (index < byteCount ? UInt64(byte(at: index)) : 0)
    }
  }
}
