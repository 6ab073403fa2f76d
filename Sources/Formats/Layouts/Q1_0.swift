extension Layout {
  /// 1-bit blocks as llama.cpp stores them: 18 bytes for 128 weights of a row.
  public static let q1_0 = Layout(opaque: .q1_0)
}

/// The 1-bit block: an F16 scale d, then 128 bits, least significant first; bit 1 is +d, bit 0 is −d.
/// Specs/layouts.md §3.
enum Q1_0 {
  static let blockSize = 128
  static let blockByteCount = 18

  static let transforms = [
    Transform(.q1_0, to: .f16, .lossless, mayRefuse: true, toF16),
    Transform(.f16, to: .q1_0, .lossless, mayRefuse: true, fromF16),
  ]

  /// Writes every weight as d with its sign; a zero keeps its sign as −0.
  @Sendable static func toF16(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    let blocks = tile.rows.count * (tile.columns.count / blockSize)
    for block in 0..<blocks {
      let scale = finiteScale(source, block, tile, &tally)
      let bits = source.extracting(block * blockByteCount + 2..<(block + 1) * blockByteCount)
      var values = target._mutatingExtracting(block * 256..<block * 256 + 256)
      SignLanes.spread(bits, over: scale, to: &values)
    }
  }

  /// Finds the one magnitude of each group of 128, or refuses the group.
  @Sendable static func fromF16(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    let blocks = tile.rows.count * (tile.columns.count / blockSize)
    for block in 0..<blocks {
      let values = source.extracting(block * 256..<block * 256 + 256)
      let start = block * blockByteCount
      var bits = target._mutatingExtracting(start + 2..<start + blockByteCount)
      let scale = values.load(0, as: UInt16.self) & 0x7FFF
      let isOneMagnitude = SignLanes.gather(values, magnitude: scale, to: &bits)
      target.store(scale, at: start)
      if !isOneMagnitude || !HalfPrecision.isFinite(scale) {
        tally.refuse(severalMagnitudes(source, block, scale, tile))
      }
    }
  }

  /// Makes d the magnitude, and flips the bits where it was negative: one form for equal values.
  static func canonicalize(_ blocks: inout MutableRawSpan, count: Int) {
    for block in 0..<count {
      let start = block * blockByteCount
      let scale = blocks.bytes.load(start, as: UInt16.self)
      guard scale & 0x8000 != 0 else { continue }
      blocks.store(scale & 0x7FFF, at: start)
      for half in [start + 2, start + 10] {
        blocks.store(~blocks.bytes.load(half, as: UInt64.self), at: half)
      }
    }
  }

  /// Whether all scales of a run of blocks are finite.
  static func hasFiniteScales(_ blocks: [UInt8]) -> Bool {
    blocks.withBytes { blocks in
      for start in stride(from: 0, to: blocks.byteCount, by: blockByteCount)
      where !HalfPrecision.isFinite(blocks.load(start, as: UInt16.self)) {
        return false
      }
      return true
    }
  }

  /// The scale of a block; one that is infinite or NaN is refused.
  @inline(__always)
  static func finiteScale(
    _ source: RawSpan, _ block: Int, _ tile: Tile, _ tally: inout Tally
  ) -> UInt16 {
    let scale = source.load(block * blockByteCount, as: UInt16.self)
    if !HalfPrecision.isFinite(scale) { tally.refuse(notFinite(scale, block, tile)) }
    return scale
  }

  static func notFinite(_ scale: UInt16, _ block: Int, _ tile: Tile) -> FormatError {
    FormatError(
      .notExact,
      "the scale of this group is \(HalfPrecision.describe(scale)); a finite one is needed"
    ).located(block: block, in: tile)
  }

  private static func severalMagnitudes(
    _ source: RawSpan, _ block: Int, _ scale: UInt16, _ tile: Tile
  ) -> FormatError {
    guard HalfPrecision.isFinite(scale) else { return notFinite(scale, block, tile) }
    var other = scale
    for index in 0..<blockSize where other == scale {
      other = source.load(block * 256 + index * 2, as: UInt16.self) & 0x7FFF
    }
    let values = [scale, other].map(HalfPrecision.describe).joined(separator: " and ")
    return FormatError(
      .notExact, "needed one magnitude in a group of \(blockSize), found \(values)"
    ).located(block: block, in: tile)
  }
}
