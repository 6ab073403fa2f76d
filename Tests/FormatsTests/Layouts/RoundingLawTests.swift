import Testing

@testable import Formats

/// Laws of every transform that rounds; a new one is enrolled by standing in the table.
@Suite struct RoundingLawTests {
  static let edges = Layouts.transforms.filter { $0.exactness == .rounds }
  static let shapes = LayoutLawTests.shapes

  /// Values of either sign between 2⁻²⁶ and 2⁸, and zeros of either sign, in a dense layout.
  static func values(_ shape: MatrixShape, in layout: Layout, seed: UInt64) throws -> [UInt8] {
    var random = SplitMix64(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<shape.rows * shape.columns {
      let number = random.next()
      let exponent = UInt32(truncatingIfNeeded: 101 + number % 34)
      let magnitude = number % 50 == 0 ? 0 : exponent << 23 | UInt32(number >> 41)
      let single = magnitude | UInt32(number >> 8 & 1) << 31
      let half = HalfPrecision.narrowToNearest(single) ?? 0
      let stored = layout == .f32 ? single : UInt32(half)
      for shift in stride(from: UInt32(0), to: layout == .f32 ? 32 : 16, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: stored >> shift))
      }
    }
    return bytes
  }

  static func floats(_ bytes: [UInt8], _ layout: Layout, _ tile: Tile) throws -> [Float] {
    let wide = try LayoutLawTests.convert(bytes, from: layout, to: .f32, tile)
    return stride(from: 0, to: wide.count, by: 4).map { start in
      Float(bitPattern: wide.withBytes { $0.load(start, as: UInt32.self) })
    }
  }

  @Test func thereAreSome() { #expect(!Self.edges.isEmpty) }

  @Test(arguments: edges.indices, shapes)
  func whatIsExactComesOutAsOnTheExactWay(index: Int, shape: MatrixShape) throws {
    let edge = Self.edges[index]
    let blocks = LayoutLawTests.blocks(shape, seed: 5)
    let source = try LayoutLawTests.convert(blocks, from: .q1_0, to: edge.source, shape.whole)
    let exact = try LayoutLawTests.convert(source, from: edge.source, to: edge.target, shape.whole)
    let (rounded, tally) = edge.applied(to: source, shape.whole)
    let same = rounded == exact
    #expect(same && tally.rounding == Rounding() && tally.refusedCount == 0)
  }

  @Test(arguments: edges.indices)
  func roundingTwiceIsRoundingOnce(index: Int) throws {
    let edge = Self.edges[index]
    let tile = Self.shapes[1].whole
    let source = try Self.values(tile.shape, in: edge.source, seed: 6)
    let (once, first) = edge.applied(to: source, tile)
    #expect(first.rounding.changedCount > 0 && first.refusedCount == 0)
    let back = try LayoutLawTests.convert(once, from: edge.target, to: edge.source, tile)
    let (twice, second) = edge.applied(to: back, tile)
    let same = twice == once
    #expect(same && second.rounding == Rounding())
  }

  /// What is said to change changes, by as much; signs do not.
  @Test(arguments: edges.indices)
  func figuresAreThoseOfTheValues(index: Int) throws {
    let edge = Self.edges[index]
    let tile = Self.shapes[1].whole
    let source = try Self.values(tile.shape, in: edge.source, seed: 7)
    let (bytes, tally) = edge.applied(to: source, tile)
    let before = try Self.floats(source, edge.source, tile)
    let after = try Self.floats(bytes, edge.target, tile)
    let changed = zip(before, after).filter { $0.bitPattern != $1.bitPattern }
    #expect(tally.rounding.changedCount == changed.count)
    #expect(tally.rounding.largestDifference == changed.map { abs($0 - $1) }.max())
    let signs = zip(before, after).allSatisfy { $0.sign == $1.sign }
    #expect(signs)
  }

  /// No other magnitude that the layout has lies nearer: to the mean of a group, or to the value.
  @Test(arguments: edges.indices)
  func nothingIsNearer(index: Int) throws {
    let edge = Self.edges[index]
    let tile = Self.shapes[1].whole
    let source = try Self.values(tile.shape, in: edge.source, seed: 8)
    let before = try Self.floats(source, edge.source, tile)
    let after = try Self.floats(edge.applied(to: source, tile).bytes, edge.target, tile)
    let group = edge.target.groupSize ?? 1
    var wrong = 0
    for start in stride(from: 0, to: before.count, by: group) {
      let sum = before[start..<start + group].reduce(0) { $0 + Double(abs($1)) }
      let (mean, found) = (sum / Double(group), abs(after[start]))
      guard let half = HalfPrecision.narrowExactly(found.bitPattern) else {
        wrong += 1
        continue
      }
      // The kernel adds in binary32: of 128 values it is off by less than 2⁻¹⁷ of the sum.
      let slack = group == 1 ? 0 : mean * 0x1p-17
      for neighbour in [half &- 1, half &+ 1] where half > 0 && HalfPrecision.isFinite(neighbour) {
        let other = Double(Float(bitPattern: HalfPrecision.widen(neighbour)))
        if abs(other - mean) + slack < abs(Double(found) - mean) - slack { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test(arguments: edges.indices)
  func tilesTogetherAreTheWhole(index: Int) throws {
    let edge = Self.edges[index]
    let shape = MatrixShape(rows: 48, columns: 512)
    let source = try Self.values(shape, in: edge.source, seed: 9)
    let (whole, tally) = edge.applied(to: source, shape.whole)
    var (joined, sum): ([UInt8], Tally) = ([], Tally())
    for rows in [0..<8, 8..<48] {
      let width = source.count / 48
      let part = Array(source[rows.lowerBound * width..<rows.upperBound * width])
      let (bytes, found) = edge.applied(to: part, Tile(rows: rows, columns: 0..<512))
      joined += bytes
      sum.add(found)
    }
    let same = joined == whole
    #expect(same && sum.rounding == tally.rounding)
  }
}
