import Testing

@testable import Formats

/// Laws that hold for every layout and transform; a new one is enrolled by standing in the table.
@Suite struct LayoutLawTests {
  static let shapes = [
    MatrixShape(rows: 8, columns: 128), MatrixShape(rows: 8, columns: 384),
    MatrixShape(rows: 520, columns: 128),
  ]

  /// Blocks with every kind of scale that has a place in every layout.
  static func blocks(_ shape: MatrixShape, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    var writer: [UInt8] = []
    for _ in 0..<shape.rows * shape.columns / 128 {
      // Below 0x7400 (2^14) the double is finite, eight significant bits are exact in BF16, and
      // every eighth scale is subnormal.
      let isSubnormal = random.next() % 8 == 0
      let scale = UInt16(isSubnormal ? random.next() % 0xFF + 1 : random.next() % 0x7400 & 0x7FF8)
      writer += [UInt8(scale & 0xFF), UInt8(scale >> 8)]
      for _ in 0..<16 { writer.append(UInt8(truncatingIfNeeded: random.next())) }
    }
    return writer
  }

  static func convert(
    _ bytes: [UInt8], from: Layout, to: Layout, _ tile: Tile, keeping: Exactness = .sameValues
  ) throws -> [UInt8] {
    let route = try ConversionGraph.standard.route(from: from, to: to, keeping: keeping)
    var scratch = TileScratch()
    var result = [UInt8](repeating: 0xAA, count: to.byteCount(of: tile))
    try bytes.withBytes { (source) throws(FormatError) in
      try result.withMutableBytes { (target) throws(FormatError) in
        try route.apply(tile, from: source, to: &target, scratch: &scratch)
      }
    }
    return result
  }

  @Test(arguments: Layouts.all, shapes)
  func sizesAreThoseOfTheParts(layout: Layout, shape: MatrixShape) {
    #expect(layout.fits(shape))
    let parts = layout.parts.map { part in
      let stored = part.storedShape(of: [shape.rows, shape.columns])
      return stored.reduce(1, *) / part.type.blockSize * part.type.blockByteCount
    }
    #expect(parts == layout.parts.map { $0.byteCount(of: shape) })
    #expect(parts.reduce(0, +) == layout.byteCount(of: shape))
  }

  @Test(arguments: Layouts.all)
  func everyLayoutIsReachedFromOneBit(layout: Layout) throws {
    for shape in Self.shapes {
      let blocks = Self.blocks(shape, seed: 1)
      let there = try Self.convert(blocks, from: .q1_0, to: layout, shape.whole)
      let back = try Self.convert(there, from: layout, to: .q1_0, shape.whole)
      let same = back == blocks
      #expect(same, "\(layout.name) of \(shape)")
    }
  }

  @Test(arguments: Layouts.transforms.filter { $0.exactness == .lossless })
  func inversesRestoreBytes(edge: Transform) throws {
    let inverse = try #require(
      Layouts.transforms.first {
        $0.source == edge.target && $0.target == edge.source && $0.exactness > .rounds
      })
    for shape in Self.shapes {
      let blocks = Self.blocks(shape, seed: 2)
      let source = try Self.convert(blocks, from: .q1_0, to: edge.source, shape.whole)
      let there = edge.applied(to: source, shape.whole)
      let back = inverse.applied(to: there.bytes, shape.whole)
      let same = back.bytes == source
      #expect(same && there.tally.refusedCount == 0 && back.tally.refusedCount == 0)
    }
  }

  /// Whatever way the values take, they arrive as the same bytes, which mean the same F32. Edges that
  /// round are ways too for values that need no rounding.
  @Test(arguments: Layouts.all, Layouts.all)
  func allRoutesAgree(from: Layout, to: Layout) throws {
    let ways = Self.ways(from: from, to: to)
    #expect(!ways.isEmpty)
    for shape in Self.shapes.dropLast() {
      let blocks = Self.blocks(shape, seed: 3)
      let direct = try Self.convert(blocks, from: .q1_0, to: .f32, shape.whole)
      let source = try Self.convert(blocks, from: .q1_0, to: from, shape.whole)
      let best = try Self.convert(source, from: from, to: to, shape.whole)
      let same = try Self.convert(best, from: to, to: .f32, shape.whole) == direct
      #expect(same)
      for way in ways {
        let arrived = way.reduce(source) { $1.applied(to: $0, shape.whole).bytes }
        let agrees = arrived == best
        #expect(agrees, "\(way.map(\.testDescription))")
      }
    }
  }

  /// All ways that come by no layout twice.
  private static func ways(
    from: Layout, to: Layout, avoiding seen: Set<Layout> = []
  ) -> [[Transform]] {
    if from == to { return [[]] }
    let seen = seen.union([from])
    return Layouts.transforms.filter { $0.source == from && !seen.contains($0.target) }.flatMap {
      edge in ways(from: edge.target, to: to, avoiding: seen).map { [edge] + $0 }
    }
  }

  @Test("There are several ways for some, or the law above says nothing")
  func thereAreSeveralWays() {
    #expect(Self.ways(from: .f32, to: .q1_0).count > 2)
  }

  /// Any bytes are a tile of any layout; among some thousand groups of them is every kind of scale.
  @Test(arguments: Layouts.transforms)
  func whatMayRefuseDoesAndNothingElse(edge: Transform) {
    let tile = Self.shapes[0].whole
    var random = SplitMix64(seed: 10)
    var refusals: [FormatError] = []
    for _ in 0..<256 {
      let bytes = (0..<edge.source.byteCount(of: tile)).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      let tally = edge.applied(to: bytes, tile).tally
      #expect((tally.firstRefusal == nil) == (tally.refusedCount == 0))
      refusals += [tally.firstRefusal].compactMap(\.self)
    }
    #expect(refusals.isEmpty != edge.mayRefuse)
    #expect(refusals.allSatisfy { [.notExact, .unsupported].contains($0.code) })
  }

  @Test(arguments: Layouts.transforms)
  func tilesTogetherAreTheWhole(edge: Transform) throws {
    let shape = MatrixShape(rows: 48, columns: 512)
    let blocks = Self.blocks(shape, seed: 4)
    let source = try Self.convert(blocks, from: .q1_0, to: edge.source, shape.whole)
    let whole = edge.applied(to: source, shape.whole).bytes
    for rows in [0..<8, 8..<48] {
      for columns in [0..<128, 128..<512] {
        let tile = Tile(rows: rows, columns: columns)
        let part = cut(source, edge.source, shape, tile)
        let same = edge.applied(to: part, tile).bytes == cut(whole, edge.target, shape, tile)
        #expect(same, "\(tile)")
      }
    }
  }

  /// The packed tile within the packed whole.
  private func cut(
    _ whole: [UInt8], _ layout: Layout, _ shape: MatrixShape, _ tile: Tile
  ) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    for part in layout.parts {
      let rectangle = part.rectangle(of: tile, in: shape)
      for outer in rectangle.outer {
        let row = start + outer * rectangle.stride
        result += whole[row + rectangle.inner.lowerBound..<row + rectangle.inner.upperBound]
      }
      start += part.byteCount(of: shape)
    }
    return result
  }
}

/// A small generator whose numbers are the same everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
