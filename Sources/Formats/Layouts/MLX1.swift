extension Layout {
  /// MLX affine quantization of 1 bit, groups of 128: weight = scale × bit + bias.
  public static let mlx1 = mlx(bits: 1, groupSize: 128)
  /// The same in groups of 64.
  public static let mlx1Group64 = mlx(bits: 1, groupSize: 64)
  /// The same in groups of 32.
  public static let mlx1Group32 = mlx(bits: 1, groupSize: 32)

  /// MLX affine quantization in general; what is not in ``Layouts/all`` is only recognized.
  static func mlx(bits: Int, groupSize: Int, scaleType: StorageType = .f16) -> Layout {
    // A power of two fills words by itself; 32 codes of any other width do.
    let isPowerOfTwo = bits & (bits - 1) == 0
    var name = "MLX-\(bits)bit"
    if groupSize != 128 { name += "-g\(groupSize)" }
    if scaleType != .f16 { name += "-\(scaleType.name)" }
    return Layout(
      name,
      parts: [
        Part(
          "weight", .u32, inputs: isPowerOfTwo ? 32 / bits : 32,
          unitByteCount: isPowerOfTwo ? 4 : 4 * bits),
        Part("scales", scaleType, inputs: groupSize, unitByteCount: scaleType.blockByteCount),
        Part("biases", scaleType, inputs: groupSize, unitByteCount: scaleType.blockByteCount),
      ],
      groupSize: groupSize)
  }
}

/// MLX's words are the sign bytes of Q1_0 as they stand; scale is 2d and bias −d.
/// Specs/layouts.md §5.
enum MLX1 {
  static let transforms = edges(.mlx1, groupSize: 128)
  static let transforms64 = edges(.mlx1Group64, groupSize: 64)
  static let transforms32 = edges(.mlx1Group32, groupSize: 32)

  private static func edges(_ layout: Layout, groupSize: Int) -> [Transform] {
    [
      Transform(.q1_0, to: layout, .lossless, mayRefuse: true) {
        fromQ1_0($0, $1, &$2, &$3, groupSize: groupSize)
      },
      Transform(layout, to: .q1_0, .sameValues, mayRefuse: true) {
        toQ1_0($0, $1, &$2, &$3, groupSize: groupSize)
      },
    ]
  }

  private static func fromQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan, _ tally: inout Tally,
    groupSize: Int
  ) {
    let blocks = tile.rows.count * (tile.columns.count / Q1_0.blockSize)
    let groups = Q1_0.blockSize / groupSize
    let (scales, biases) = (blocks * 16, blocks * (16 + 2 * groups))
    for block in 0..<blocks {
      let scale = Q1_0.finiteScale(source, block, tile, &tally)
      let doubled = HalfPrecision.doubled(scale)
      if doubled == nil && HalfPrecision.isFinite(scale) {
        tally.refuse(
          FormatError(
            .notExact,
            "MLX needs twice the scale \(HalfPrecision.describe(scale)), which F16 cannot hold"
          ).located(block: block, in: tile))
      }
      target.copy(source, from: block * Q1_0.blockByteCount + 2, count: 16, to: block * 16)
      for group in block * groups..<(block + 1) * groups {
        target.store(doubled ?? 0, at: scales + group * 2)
        target.store(scale ^ 0x8000, at: biases + group * 2)
      }
    }
  }

  private static func toQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan, _ tally: inout Tally,
    groupSize: Int
  ) {
    let blocks = tile.rows.count * (tile.columns.count / Q1_0.blockSize)
    let groups = Q1_0.blockSize / groupSize
    let (scales, biases) = (blocks * 16, blocks * (16 + 2 * groups))
    for block in 0..<blocks {
      let start = block * Q1_0.blockByteCount
      var magnitude: UInt16?
      for index in 0..<groups {
        let group = MLXGroup(
          source, scale: scales + (block * groups + index) * 2,
          bias: biases + (block * groups + index) * 2,
          bits: block * 16 + index * groupSize / 8, byteCount: groupSize / 8)
        guard let value = group.oneBit(&tally) else {
          tally.refuse(group.notOneBit.located(block: block, in: tile))
          break
        }
        if groups == 1 {
          target.store(value.scale, at: start)
        } else if magnitude ?? value.magnitude != value.magnitude {
          tally.refuse(differing(magnitude, value, groupSize).located(block: block, in: tile))
          break
        }
        magnitude = value.magnitude
        let turned = groups > 1 && value.scale & 0x8000 != 0
        for byte in 0..<groupSize / 8 {
          let bits = value.onlySign ?? source.byte(at: group.bits + byte)
          target.store(turned ? ~bits : bits, at: start + 2 + index * groupSize / 8 + byte)
        }
      }
      if groups > 1 { target.store(magnitude ?? 0, at: start) }
    }
  }

  private static func differing(
    _ first: UInt16?, _ second: MLXGroup.OneBit, _ groupSize: Int
  ) -> FormatError {
    let values = [first ?? 0, second.magnitude].map(HalfPrecision.describe)
    return FormatError(
      .notExact,
      "needed one scale in the groups of \(groupSize) of a block of 128, found "
        + values.joined(separator: " and "))
  }
}
