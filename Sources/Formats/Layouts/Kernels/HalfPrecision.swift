/// Conversions between binary16 and binary32 by their bits.
///
/// By hand, because Swift's `Float16` does not exist on every machine that this library runs on, and
/// because a conversion here is exact or refused, unless it says that it rounds.
enum HalfPrecision {
  /// The binary32 of the same value. NaN payloads are kept.
  @inline(__always)
  static func widen(_ half: UInt16) -> UInt32 {
    let magnitude = UInt32(half & 0x7FFF) << 13
    // Read as binary32 the number is too small by the difference of the exponents' biases; the
    // product is exact, and makes normal numbers of subnormal ones.
    let finite = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    let value = isFinite(half) ? finite : magnitude | 0x7F80_0000
    return value | UInt32(half & 0x8000) << 16
  }

  /// The binary16 of the same value, or `nil` where there is none.
  static func narrowExactly(_ single: UInt32) -> UInt16? {
    let sign = UInt16(single >> 16) & 0x8000
    let exponent = Int(single >> 23 & 0xFF) - 127
    let mantissa = single & 0x7F_FFFF
    switch exponent {
    case -127: return mantissa == 0 ? sign : nil
    case 128:
      guard mantissa & 0x1FFF == 0 else { return nil }
      return sign | 0x7C00 | UInt16(mantissa >> 13)
    case -14...15:
      guard mantissa & 0x1FFF == 0 else { return nil }
      return sign | UInt16(exponent + 15) << 10 | UInt16(mantissa >> 13)
    case -24 ... -15:
      let shift = UInt32(-(exponent + 1))
      let significand = mantissa | 0x80_0000
      guard significand & (1 << shift - 1) == 0 else { return nil }
      return sign | UInt16(significand >> shift)
    default: return nil
    }
  }

  /// A finite number as binary16, or `nil` where that has no such number.
  static func narrowFinite(_ single: Float) -> UInt16? {
    single.isFinite ? narrowExactly(single.bitPattern) : nil
  }

  /// The same for eight values at once; `wrong` gets a bit where one is not an exact normal number.
  @inline(__always)
  static func narrowNormals(
    _ singles: SIMD8<UInt32>, _ wrong: inout SIMD8<UInt32>
  ) -> SIMD8<UInt16> {
    let magnitudes = singles & 0x7FFF_FFFF
    // From 2⁻¹⁴ up to, and without, 2¹⁶: one of the differences is negative beyond.
    let range = (magnitudes &- 0x3880_0000) | (0x477F_FFFF &- magnitudes)
    wrong |= range & 0x8000_0000 | magnitudes & 0x1FFF
    let halves = ((magnitudes &- 0x3800_0000) &>> 13) | (singles &>> 16 & 0x8000)
    return SIMD8<UInt16>(truncatingIfNeeded: halves)
  }

  /// The nearest binary16, of two the even one, or `nil` where that would be infinite. Infinities
  /// and NaN have what ``narrowExactly(_:)`` gives them.
  static func narrowToNearest(_ single: UInt32) -> UInt16? {
    if let exact = narrowExactly(single) { return exact }
    let sign = UInt16(single >> 16) & 0x8000
    let magnitude = single & 0x7FFF_FFFF
    // 65520 lies in the middle between the largest number and what would be the next.
    guard magnitude < 0x477F_F000 else { return nil }
    if magnitude < 0x3880_0000 {
      // Below the normal numbers the steps are 2⁻²⁴ each; 1024 of them are the smallest normal one.
      let steps = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
      return sign | UInt16(truncatingIfNeeded: Int32(steps))
    }
    let isOdd = magnitude >> 13 & 1
    let rounded = (magnitude &- 0x3800_0000 &+ 0xFFF &+ isOdd) >> 13
    return sign | UInt16(truncatingIfNeeded: rounded)
  }

  /// Whether the bits are an infinity or NaN.
  @inline(__always)
  static func isFinite(_ half: UInt16) -> Bool { half & 0x7C00 != 0x7C00 }

  /// Twice the value, or `nil` where that is beyond binary16.
  @inline(__always)
  static func doubled(_ half: UInt16) -> UInt16? {
    let magnitude = half & 0x7FFF
    if magnitude < 0x0400 { return half & 0x8000 | magnitude << 1 }
    guard magnitude < 0x7800 else { return nil }
    return half + 0x0400
  }

  /// The value for a message; of NaN neither sign nor payload.
  static func describe(_ half: UInt16) -> String {
    let value = Float(bitPattern: widen(half))
    return value.isNaN ? "nan" : "\(value)"
  }
}
