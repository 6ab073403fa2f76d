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

  @Test(arguments: Layouts.transforms.indices)
  func inversesRestoreBytes(index: Int) throws {
    let edge = Layouts.transforms[index]
    guard edge.exactness == .lossless else { return }
    for shape in Self.shapes {
      let blocks = Self.blocks(shape, seed: 2)
      let source = try Self.convert(blocks, from: .q1_0, to: edge.source, shape.whole)
      let there = try Self.convert(source, from: edge.source, to: edge.target, shape.whole)
      let back = try Self.convert(there, from: edge.target, to: edge.source, shape.whole)
      let same = back == source
      #expect(same, "\(edge.source.name) → \(edge.target.name)")
    }
  }

  /// Whatever way the values take, they arrive as the same F32.
  @Test(arguments: Layouts.all, Layouts.all)
  func theDiagramCommutes(from: Layout, to: Layout) throws {
    for shape in Self.shapes {
      let blocks = Self.blocks(shape, seed: 3)
      let direct = try Self.convert(blocks, from: .q1_0, to: .f32, shape.whole)
      let source = try Self.convert(blocks, from: .q1_0, to: from, shape.whole)
      let target = try Self.convert(source, from: from, to: to, shape.whole)
      let same = try Self.convert(target, from: to, to: .f32, shape.whole) == direct
      #expect(same, "\(from.name) → \(to.name)")
    }
  }

  @Test(arguments: Layouts.transforms.indices)
  func tilesTogetherAreTheWhole(index: Int) throws {
    let edge = Layouts.transforms[index]
    let shape = MatrixShape(rows: 48, columns: 512)
    let blocks = Self.blocks(shape, seed: 4)
    let source = try Self.convert(blocks, from: .q1_0, to: edge.source, shape.whole)
    let whole = try Self.convert(source, from: edge.source, to: edge.target, shape.whole)
    for rows in [0..<8, 8..<48] {
      for columns in [0..<128, 128..<512] {
        let tile = Tile(rows: rows, columns: columns)
        let part = cut(source, edge.source, shape, tile)
        let converted = try Self.convert(part, from: edge.source, to: edge.target, tile)
        let same = converted == cut(whole, edge.target, shape, tile)
        #expect(same, "\(edge.source.name) → \(edge.target.name) \(tile)")
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
