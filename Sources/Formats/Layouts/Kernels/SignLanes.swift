/// Between the 128 sign bits of a group and its 128 values in F16, eight lanes at a time.
///
/// Only shifts, masks and comparisons, which every SIMD unit has for eight lanes of 16 bits.
enum SignLanes {
  private typealias Lanes = SIMD8<UInt16>

  /// Writes the magnitude with each of the signs: bit 1 is plus.
  ///
  /// - Parameters:
  ///   - bits: 16 bytes, least significant bit first.
  ///   - scale: An F16; where it has a sign itself, every sign turns over.
  ///   - values: Becomes 128 values.
  @inline(__always)
  static func spread(_ bits: RawSpan, over scale: UInt16, to values: inout MutableRawSpan) {
    let low = Lanes(0x0001, 0x0002, 0x0004, 0x0008, 0x0010, 0x0020, 0x0040, 0x0080)
    let high = Lanes(0x0100, 0x0200, 0x0400, 0x0800, 0x1000, 0x2000, 0x4000, 0x8000)
    let plus = Lanes(repeating: scale)
    for index in 0..<8 {
      let sixteen = Lanes(repeating: bits.load(index * 2, as: UInt16.self))
      values.storeVector(plus ^ minus(where: sixteen & low), at: index * 32)
      values.storeVector(plus ^ minus(where: sixteen & high), at: index * 32 + 16)
    }
  }

  /// The sign bit in every lane that is zero.
  @inline(__always)
  private static func minus(where lanes: Lanes) -> Lanes {
    Lanes().replacing(with: Lanes(repeating: 0x8000), where: lanes .== Lanes())
  }

  /// Writes the signs of 128 values.
  ///
  /// - Returns: Whether all values have that magnitude.
  @inline(__always)
  static func gather(
    _ values: RawSpan, magnitude: UInt16, to bits: inout MutableRawSpan
  ) -> Bool {
    let expected = Lanes(repeating: magnitude)
    var differences = Lanes()
    for half in 0..<2 {
      // Bit i of lane j is the sign of value 8i + j: a square that remains to be turned.
      var signs = Lanes()
      for index in 0..<8 {
        let eight = values.loadVector(half * 128 + index * 16, as: Lanes.self)
        differences |= eight ^ expected
        signs |= (eight & 0x8000) &>> UInt16(7 - index)
      }
      // By way of memory, for lanes taken out one by one would cost more than all the rest.
      bits.storeVector(SIMD8<UInt8>(truncatingIfNeeded: signs &>> 8), at: half * 8)
      bits.store(~transposed(bits.bytes.load(half * 8, as: UInt64.self)), at: half * 8)
    }
    return (differences & 0x7FFF) == Lanes()
  }

  /// Turns a square of eight bytes of eight bits: bit i of byte j becomes bit j of byte i.
  @inline(__always)
  private static func transposed(_ square: UInt64) -> UInt64 {
    var bits = square
    var swap = (bits ^ bits >> 7) & 0x00AA_00AA_00AA_00AA
    bits ^= swap ^ swap << 7
    swap = (bits ^ bits >> 14) & 0x0000_CCCC_0000_CCCC
    bits ^= swap ^ swap << 14
    swap = (bits ^ bits >> 28) & 0x0000_0000_F0F0_F0F0
    return bits ^ swap ^ swap << 28
  }
}
