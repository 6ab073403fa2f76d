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

extension Layout {
  /// Bits and group size, where this is a layout of MLX's.
  var mlxQuantization: (bits: Int, groupSize: Int)? {
    guard parts.map(\.suffix) == ["weight", "scales", "biases"], let groupSize else { return nil }
    return (parts[0].unitByteCount * 8 / parts[0].inputs, groupSize)
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
      let signs = source.loadVector(
        block * Q1_0.blockByteCount + 2, as: SIMD16<UInt8>.self)
      target.storeVector(signs, at: block * 16)
    }
    let stride = groups * 2
    for block in 0..<blocks {
      let scale = source.load(block * Q1_0.blockByteCount, as: UInt16.self)
      let doubled = HalfPrecision.doubled(scale)
      if doubled == nil { refuse(scale, block, tile, &tally) }
      target.store(doubled ?? 0, at: scales + block * stride)
      target.store(scale ^ 0x8000, at: biases + block * stride)
    }
    // By itself, for a loop that mostly does nothing costs more than all the rest.
    for first in Swift.stride(from: 0, to: groups > 1 ? blocks * stride : 0, by: stride) {
      for place in Swift.stride(from: first + 2, to: first + stride, by: 2) {
        target.store(target.bytes.load(scales + first, as: UInt16.self), at: scales + place)
        target.store(target.bytes.load(biases + first, as: UInt16.self), at: biases + place)
      }
    }
  }

  /// What has no double in F16.
  private static func refuse(
    _ scale: UInt16, _ block: Int, _ tile: Tile, _ tally: inout Tally
  ) {
    guard HalfPrecision.isFinite(scale) else {
      return tally.refuse(Q1_0.notFinite(scale, block, tile))
    }
    tally.refuse(
      FormatError(
        .notExact,
        "MLX needs twice the scale \(HalfPrecision.describe(scale)), which F16 cannot hold"
      ).located(block: block, in: tile))
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
      let first = block * groups * 2
      let scale = source.load(scales + first, as: UInt16.self)
      let d = source.load(biases + first, as: UInt16.self) ^ 0x8000
      var isOrdinary = HalfPrecision.doubled(d) == scale && (groups == 1 || d & 0x8000 == 0)
      for group in 1..<groups where isOrdinary {
        isOrdinary =
          source.load(scales + first + group * 2, as: UInt16.self) == scale
          && source.load(biases + first + group * 2, as: UInt16.self) == d ^ 0x8000
      }
      if isOrdinary {
        // What nearly every block is: no more than a copy.
        target.store(d, at: start)
        target.storeVector(source.loadVector(block * 16, as: SIMD16<UInt8>.self), at: start + 2)
        continue
      }
      let places = (0..<groups).map { index in
        let group = block * groups + index
        return MLXGroup(
          source, scale: scales + group * 2, bias: biases + group * 2,
          bits: block * 16 + index * groupSize / 8, byteCount: groupSize / 8)
      }
      do throws(FormatError) {
        try write(places, of: source, groupSize: groupSize, to: &target, at: start, &tally)
      } catch {
        tally.refuse(error.located(block: block, in: tile))
      }
    }
  }

  /// Writes one block from the groups that it is made of.
  private static func write(
    _ groups: [MLXGroup], of source: RawSpan, groupSize: Int, to target: inout MutableRawSpan,
    at start: Int, _ tally: inout Tally
  ) throws(FormatError) {
    var magnitude: UInt16?
    for (index, group) in groups.enumerated() {
      guard let value = group.oneBit(&tally) else { throw group.notOneBit }
      if groups.count == 1 {
        target.store(value.scale, at: start)
      } else if magnitude ?? value.magnitude != value.magnitude {
        throw differing(magnitude, value, groupSize)
      }
      magnitude = value.magnitude
      let turned = groups.count > 1 && value.scale & 0x8000 != 0
      for byte in 0..<groupSize / 8 {
        let bits = value.onlySign ?? source.byte(at: group.bits + byte)
        target.store(turned ? ~bits : bits, at: start + 2 + index * groupSize / 8 + byte)
      }
    }
    if groups.count > 1 { target.store(magnitude ?? 0, at: start) }
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
