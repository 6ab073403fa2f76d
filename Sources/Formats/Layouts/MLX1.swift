extension Layout {
  /// MLX affine quantization of 1 bit, groups of 128: weight = scale × bit + bias.
  public static let mlx1 = mlx(bits: 1, groupSize: 128)

  /// MLX affine quantization in general; what is not ``mlx1`` is only recognized.
  static func mlx(bits: Int, groupSize: Int, scaleType: StorageType = .f16) -> Layout {
    let isStandard = bits == 1 && groupSize == 128 && scaleType == .f16
    // A power of two fills words by itself; 32 codes of any other width do.
    let isPowerOfTwo = bits & (bits - 1) == 0
    return Layout(
      isStandard ? "MLX-1bit" : "MLX-\(bits)bit group \(groupSize) \(scaleType.name)",
      parts: [
        Part(
          "weight", .u32, inputs: isPowerOfTwo ? 32 / bits : 32,
          unitByteCount: isPowerOfTwo ? 4 : 4 * bits),
        Part(
          "scales", scaleType, inputs: groupSize, unitByteCount: scaleType.blockByteCount),
        Part(
          "biases", scaleType, inputs: groupSize, unitByteCount: scaleType.blockByteCount),
      ],
      groupSize: groupSize)
  }
}

/// MLX's words are the sign bytes of Q1_0 as they stand; scale is 2d and bias −d.
/// Specs/layouts.md §5.
enum MLX1 {
  static let transforms = [
    Transform(.q1_0, to: .mlx1, .lossless, mayRefuse: true, fromQ1_0),
    Transform(.mlx1, to: .q1_0, .sameValues, mayRefuse: true, toQ1_0),
  ]

  @Sendable static func fromQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan
  ) throws(FormatError) {
    let blocks = tile.rows.count * (tile.columns.count / Q1_0.blockSize)
    let (scales, biases) = (blocks * 16, blocks * 18)
    for block in 0..<blocks {
      let scale = try Q1_0.finiteScale(source, block, tile)
      guard let doubled = HalfPrecision.doubled(scale) else {
        throw FormatError(
          .notExact,
          "MLX needs twice the scale \(HalfPrecision.describe(scale)), which F16 cannot hold"
        ).located(block: block, in: tile)
      }
      target.copy(source, from: block * Q1_0.blockByteCount + 2, count: 16, to: block * 16)
      target.store(doubled, at: scales + block * 2)
      target.store(scale ^ 0x8000, at: biases + block * 2)
    }
  }

  @Sendable static func toQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan
  ) throws(FormatError) {
    let blocks = tile.rows.count * (tile.columns.count / Q1_0.blockSize)
    let (scales, biases) = (blocks * 16, blocks * 18)
    for block in 0..<blocks {
      let scale = source.load(scales + block * 2, as: UInt16.self)
      let bias = source.load(biases + block * 2, as: UInt16.self)
      let start = block * Q1_0.blockByteCount
      if HalfPrecision.isFinite(bias), isTwice(scale, of: bias ^ 0x8000) {
        target.copy(source, from: block * 16, count: 16, to: start + 2)
        target.store(bias ^ 0x8000, at: start)
        continue
      }
      // mlx stores a group of one sign as its value in the bias, with a scale that is not used.
      guard let value = onlyValue(source, block, scale: scale, bias: bias) else {
        throw FormatError(
          .notExact,
          "needed scale = −2 × bias, found scale \(HalfPrecision.describe(scale)) "
            + "and bias \(HalfPrecision.describe(bias))"
        ).located(block: block, in: tile)
      }
      let bits: UInt64 = value & 0x8000 == 0 ? .max : 0
      target.store(value & 0x7FFF, at: start)
      target.store(bits, at: start + 2)
      target.store(bits, at: start + 10)
    }
  }

  private static func isTwice(_ scale: UInt16, of value: UInt16) -> Bool {
    if value & 0x7FFF == 0 { return scale & 0x7FFF == 0 }
    return HalfPrecision.doubled(value) == scale
  }

  /// The one value of a group whose bits are all equal, or `nil`.
  private static func onlyValue(
    _ source: RawSpan, _ block: Int, scale: UInt16, bias: UInt16
  ) -> UInt16? {
    let low = source.load(block * 16, as: UInt64.self)
    let high = source.load(block * 16 + 8, as: UInt64.self)
    // Zero times a scale that is not finite is NaN: then even an unused scale counts.
    guard low == high, HalfPrecision.isFinite(bias), HalfPrecision.isFinite(scale) else {
      return nil
    }
    switch low {
    case 0: return bias
    case .max:
      let sum =
        Float(bitPattern: HalfPrecision.widen(scale)) + Float(bitPattern: HalfPrecision.widen(bias))
      return HalfPrecision.narrowExactly(sum.bitPattern).flatMap {
        HalfPrecision.isFinite($0) ? $0 : nil
      }
    default: return nil
    }
  }
}
