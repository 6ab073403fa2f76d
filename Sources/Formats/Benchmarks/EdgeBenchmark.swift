/// How fast one edge of the conversion graph rewrites tiles: on one core, in memory, without a disk.
package struct EdgeBenchmark: Sendable {
  /// What is measured.
  package let transform: Transform
  private let source: [UInt8]

  /// A tile of the size that conversions work on, 1 MiB in F16.
  private static let tile = Tile(rows: 0..<256, columns: 0..<2048)

  /// Makes a tile of random signs in the transform's source layout.
  ///
  /// - Returns: `nil` where 1-bit weights cannot be brought into that layout.
  package init?(_ transform: Transform) {
    self.transform = transform
    let blocks = Self.blocks()
    guard
      let route = try? ConversionGraph.standard.route(from: .q1_0, to: transform.source)
    else { return nil }
    var source = [UInt8](repeating: 0, count: transform.source.byteCount(of: Self.tile))
    var scratch = TileScratch()
    var tally = Tally()
    blocks.withBytes { blocks in
      source.withMutableBytes {
        route.apply(Self.tile, from: blocks, to: &$0, scratch: &scratch, tally: &tally)
      }
    }
    guard tally.refusedCount == 0 else { return nil }
    self.source = source
  }

  /// What names the edge: `Q1_0:F16`, and `F32:F16:rounds` where another one keeps all values.
  package var name: String {
    "\(transform.source.name):\(transform.target.name)"
      + (transform.exactness == .rounds ? ":rounds" : "")
  }

  /// All edges of the graph; one that cannot be measured is missing.
  package static let all = ConversionGraph.standard.transforms.compactMap { EdgeBenchmark($0) }

  /// The least seconds that one tile took.
  package func secondsPerTile() -> Double {
    // As many tiles as take some milliseconds, and the best of several tries: nothing but the kernel
    // is meant, and everything else only takes longer.
    let clock = ContinuousClock()
    let once = max(clock.measure { run(1) } / .seconds(1), 1e-7)
    let count = max(Int(0.02 / once), 1)
    return (0..<7).map { _ in clock.measure { run(count) } / .seconds(1) / Double(count) }.min()
      ?? once
  }

  /// The weights of one tile.
  package var weightCount: Int { Self.tile.rows.count * Self.tile.columns.count }

  /// The bytes of one tile on the side that has more of them.
  package var byteCount: Int {
    max(source.count, transform.target.byteCount(of: Self.tile))
  }

  /// Rewrites the tile a number of times.
  package func run(_ count: Int) {
    var target = [UInt8](repeating: 0, count: transform.target.byteCount(of: Self.tile))
    var tally = Tally()
    for _ in 0..<count {
      source.withBytes { source in
        target.withMutableBytes { transform.kernel(source, Self.tile, &$0, &tally) }
      }
    }
  }

  /// Scales that are powers of two, which every layout can hold, and signs at random.
  private static func blocks() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Layout.q1_0.byteCount(of: tile))
    let random = RandomBits(1)
    bytes.withMutableBytes { span in
      for block in 0..<span.byteCount / Q1_0.blockByteCount {
        let start = block * Q1_0.blockByteCount
        let number = UInt64(block) &* 3
        span.store(0x2400 + UInt16(random.bits(number) & 3) << 10, at: start)
        span.store(random.bits(number &+ 1), at: start + 2)
        span.store(random.bits(number &+ 2), at: start + 10)
      }
    }
    return bytes
  }
}
