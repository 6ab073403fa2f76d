import Testing

@testable import Formats

@Suite struct HalfPrecisionTests {
  /// What a binary16 is worth, from its definition.
  private func value(_ half: UInt16) -> Double {
    let sign: Double = half & 0x8000 == 0 ? 1 : -1
    let (exponent, mantissa) = (Int(half >> 10 & 0x1F), Double(half & 0x3FF))
    return exponent == 0
      ? sign * mantissa * 0x1p-24
      : sign * (1024 + mantissa) * .init(sign: .plus, exponent: exponent - 25, significand: 1)
  }

  @Test func everyFiniteNumberIsWidenedAndNarrowedBack() {
    var wrong: [UInt16] = []
    for half in UInt16.min...UInt16.max where HalfPrecision.isFinite(half) {
      let single = HalfPrecision.widen(half)
      let isRight =
        Double(Float(bitPattern: single)) == value(half) && single >> 31 == half >> 15
        && HalfPrecision.narrowExactly(single) == half
      if !isRight { wrong.append(half) }
    }
    #expect(wrong == [])
  }

  @Test func infinitiesAndPayloadsAreKept() {
    for half in [0x7C00, 0xFC00, 0x7C01, 0x7E00, 0xFFFF] as [UInt16] {
      let single = HalfPrecision.widen(half)
      #expect(single == UInt32(half & 0x8000) << 16 | 0x7F80_0000 | UInt32(half & 0x3FF) << 13)
      #expect(HalfPrecision.narrowExactly(single) == half)
    }
  }

  @Test func whatLiesBetweenIsNotNarrowed() {
    for bits in [0x3F80_0001, 0x3380_0000 - 1, 0x4780_0000, 0x3300_0000, 0x7F80_0001] as [UInt32] {
      #expect(HalfPrecision.narrowExactly(bits) == nil, "\(String(bits, radix: 16))")
    }
  }
}
