/// Eight signs as one byte, against eight 4-bit codes of 9 and 7 as one word.
enum CodeWords {
  /// The word of every byte: nibble k is 9 where bit k is set and 7 where not.
  static let ofBits: [UInt32] = (0..<256).map { bits in
    (0..<8).reduce(0) { $0 | (bits >> $1 & 1 == 1 ? 9 : 7) << UInt32($1 * 4) }
  }

  /// The byte of a word, or `nil` when a nibble is neither 9 nor 7.
  @inline(__always)
  static func bits(of codes: UInt32) -> UInt32? {
    // 7 is 0111 and 9 is 1001: against 7, a 9 differs by 1110 and a 7 by nothing.
    let difference = codes ^ 0x7777_7777
    var bits = difference >> 1 & 0x1111_1111
    guard difference == bits &* 0xE else { return nil }
    bits = (bits | bits >> 3) & 0x0303_0303
    bits = (bits | bits >> 6) & 0x000F_000F
    return (bits | bits >> 12) & 0xFF
  }
}
