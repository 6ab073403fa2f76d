extension Q1_0 {
  /// The edges on which a group of several magnitudes gets their mean; Specs/layouts.md §3.
  static let rounding = [
    Transform(.f32, to: .q1_0, .rounds, mayRefuse: true) { source, tile, target, tally in
      round(source, tile, &target, &tally) { $0.load($1 * 4, as: UInt32.self) }
    },
    Transform(.f16, to: .q1_0, .rounds, mayRefuse: true) { source, tile, target, tally in
      round(source, tile, &target, &tally) {
        HalfPrecision.widen($0.load($1 * 2, as: UInt16.self))
      }
    },
  ]

  /// - Parameter value: The bits of a value in binary32, by its number in the tile.
  @inline(__always)
  private static func round(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan, _ tally: inout Tally,
    value: (RawSpan, Int) -> UInt32
  ) {
    for block in 0..<tile.rows.count * (tile.columns.count / blockSize) {
      let first = block * blockSize
      // Added one after the other in binary32, and the mean rounded to even, as llama.cpp's own
      // quantizer does: where no weight is −0, the block has its bytes.
      var sum: Float = 0
      for index in first..<first + blockSize {
        sum += Float(bitPattern: value(source, index)).magnitude
      }
      let mean = sum / Float(blockSize)
      guard let scale = HalfPrecision.narrowToNearest(mean.bitPattern),
        HalfPrecision.isFinite(scale)
      else {
        tally.refuse(noScale(mean, block, tile))
        continue
      }
      let magnitude = Float(bitPattern: HalfPrecision.widen(scale))
      var rounding = Rounding()
      for half in 0..<2 {
        var bits: UInt64 = 0
        for index in 0..<64 {
          let weight = Float(bitPattern: value(source, first + half * 64 + index))
          if weight.sign == .plus { bits |= 1 << UInt64(index) }
          if weight.magnitude != magnitude {
            rounding.change(from: weight.magnitude, to: magnitude)
          }
        }
        target.store(bits, at: block * blockByteCount + 2 + half * 8)
      }
      target.store(scale, at: block * blockByteCount)
      tally.round(rounding)
    }
  }

  private static func noScale(_ mean: Float, _ block: Int, _ tile: Tile) -> FormatError {
    FormatError(
      .notExact,
      "the mean magnitude of this group is \(mean.isNaN ? "nan" : "\(mean)"); one that F16 has is "
        + "needed"
    ).located(block: block, in: tile)
  }
}
