/// One group as MLX stores it.
struct MLXGroup {
  /// A group whose values are +d and −d.
  struct OneBit {
    /// d, with its sign.
    var scale: UInt16
    /// The sign byte of all weights, where there is just one value, whatever the stored bits say.
    var onlySign: UInt8?

    var magnitude: UInt16 { scale & 0x7FFF }
  }

  let scale: UInt16
  let bias: UInt16
  let bits: Int
  private let isAllZeros: Bool
  private let isAllOnes: Bool

  init(_ source: RawSpan, scale: Int, bias: Int, bits: Int, byteCount: Int) {
    self.scale = source.load(scale, as: UInt16.self)
    self.bias = source.load(bias, as: UInt16.self)
    self.bits = bits
    let first = source.load(bits, as: UInt32.self)
    var differs: UInt32 = 0
    for offset in stride(from: 4, to: byteCount, by: 4) {
      differs |= source.load(bits + offset, as: UInt32.self) ^ first
    }
    isAllZeros = first == 0 && differs == 0
    isAllOnes = first == .max && differs == 0
  }

  /// The group's scale and signs, or `nil` where its values are not ±d.
  func oneBit(_ tally: inout Tally) -> OneBit? {
    guard HalfPrecision.isFinite(bias) else { return nil }
    let d = bias ^ 0x8000
    if isTwice(scale, of: d) { return OneBit(scale: d) }
    // mlx stores a group of one sign as its value in the bias, with a scale that is not used.
    if let value = onlyValue {
      return OneBit(scale: value & 0x7FFF, onlySign: value & 0x8000 == 0 ? 0xFF : 0)
    }
    guard tally.toleratesSubnormals, missesBySubnormalBit else { return nil }
    tally.tolerate()
    return OneBit(scale: d)
  }

  var notOneBit: FormatError {
    FormatError(
      .notExact,
      "needed scale = −2 × bias, found scale \(HalfPrecision.describe(scale)) "
        + "and bias \(HalfPrecision.describe(bias))")
  }

  private func isTwice(_ scale: UInt16, of value: UInt16) -> Bool {
    if value & 0x7FFF == 0 { return scale & 0x7FFF == 0 }
    return HalfPrecision.doubled(value) == scale
  }

  /// A published file has scales made from more precision than a subnormal bias keeps.
  private var missesBySubnormalBit: Bool {
    let (twice, found) = (Int(bias & 0x7FFF) * 2, Int(scale & 0x7FFF))
    let signsFit = (bias ^ scale) & 0x8000 != 0
    return signsFit && found < 0x0400 && abs(found - twice) <= 2
  }

  private var onlyValue: UInt16? {
    // Zero times a scale that is not finite is NaN: then even an unused scale counts.
    guard HalfPrecision.isFinite(scale) else { return nil }
    if isAllZeros { return bias }
    guard isAllOnes else { return nil }
    let sum =
      Float(bitPattern: HalfPrecision.widen(scale)) + Float(bitPattern: HalfPrecision.widen(bias))
    return HalfPrecision.narrowFinite(sum)
  }
}
