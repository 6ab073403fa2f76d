extension Layout {
  /// The early 1-bit blocks of 32 weights that stood under type number 40; Specs/gguf.md §7.
  public static let q1_0Group32 = Layout(
    opaque: StorageType("Q1_0_G32", blockSize: 32, blockByteCount: 6))
}

/// Four blocks of 32 are one of 128 where they share d. Specs/layouts.md §3.
enum Q1_0Group32 {
  static let transforms = [
    Transform(.q1_0, to: .q1_0Group32, .lossless, mayRefuse: false, fromQ1_0),
    Transform(.q1_0Group32, to: .q1_0, .lossless, mayRefuse: true, toQ1_0),
  ]
  private static let blockByteCount = 6

  @Sendable private static func fromQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan, _ tally: inout Tally
  ) {
    for block in 0..<tile.rows.count * (tile.columns.count / Q1_0.blockSize) {
      let start = block * Q1_0.blockByteCount
      for quarter in 0..<4 {
        let place = (block * 4 + quarter) * blockByteCount
        target.store(source.load(start, as: UInt16.self), at: place)
        target.store(source.load(start + 2 + quarter * 4, as: UInt32.self), at: place + 2)
      }
    }
  }

  @Sendable private static func toQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan, _ tally: inout Tally
  ) {
    for block in 0..<tile.rows.count * (tile.columns.count / Q1_0.blockSize) {
      let first = source.load(block * 4 * blockByteCount, as: UInt16.self)
      let start = block * Q1_0.blockByteCount
      target.store(first, at: start)
      var other = first
      for quarter in 0..<4 {
        let place = (block * 4 + quarter) * blockByteCount
        let scale = source.load(place, as: UInt16.self)
        if (scale ^ first) & 0x7FFF != 0 { other = scale }
        // A scale of the other sign turns its bits over.
        let turned: UInt32 = (scale ^ first) & 0x8000 == 0 ? 0 : .max
        target.store(
          source.load(place + 2, as: UInt32.self) ^ turned, at: start + 2 + quarter * 4)
      }
      if other != first {
        let values = [first, other].map(HalfPrecision.describe).joined(separator: " and ")
        tally.refuse(
          FormatError(
            .notExact, "needed one scale in four blocks of 32, found \(values)"
          ).located(block: block, in: tile))
      }
    }
  }
}
