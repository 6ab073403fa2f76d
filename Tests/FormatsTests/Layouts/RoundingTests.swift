import Testing

@testable import Formats

@Suite("Rounding, value by value")
struct RoundingTests {
  /// A group of 128 that begins so and goes on with zeros.
  private func round(
    _ values: [Float], to target: Layout
  ) throws -> (bytes: [UInt8], tally: Tally) {
    let edge = try #require(
      RoundingLawTests.edges.first { $0.source == .f32 && $0.target == target })
    let count = target.groupSize ?? values.count
    var bytes: [UInt8] = []
    for value in values + Array(repeating: 0, count: count - values.count) {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    return edge.applied(to: bytes, Tile(rows: 3..<4, columns: 128..<128 + count))
  }

  @Test(
    "To the nearest F16, of two the even one",
    arguments: [
      (1 + 0x1p-11, 0x3C00), (1 + 0x3p-11, 0x3C02), (-(1 + 0x1.8p-11), 0xBC01),
      (65519, 0x7BFF), (0x1p-25, 0), (0x1.000002p-25, 1), (-0x3p-25, 0x8002), (0x1p-149, 0),
      (-0x1p-30, 0x8000), (0x1p-14 - 0x1p-26, 0x0400), (2047.5, 0x6800), (.infinity, 0x7C00),
    ] as [(Float, UInt16)])
  func halves(value: Float, half: UInt16) throws {
    let (bytes, tally) = try round([value], to: .f16)
    #expect(bytes == [UInt8(half & 0xFF), UInt8(half >> 8)])
    #expect(tally.refusedCount == 0)
    #expect(tally.rounding.changedCount == (value == .infinity ? 0 : 1))
  }

  @Test(arguments: [65520, -70000, .greatestFiniteMagnitude, Float(bitPattern: 0x7F80_0001)])
  func whatF16DoesNotReachIsRefused(value: Float) throws {
    let error = try round([0, value], to: .f16).tally.firstRefusal
    #expect(error?.message == "the value \(value) has no form in F16, rounded or not")
    #expect(error?.code == .notExact && error?.location.row == 3)
  }

  @Test func aGroupGetsItsMeanAndKeepsItsSigns() throws {
    let (bytes, tally) = try round([1, -3, -0.0, 128], to: .q1_0)
    // 132 / 128 = 1.03125; bit 1 and bit 2 are minus, also that of −0.
    #expect(bytes == [0x20, 0x3C, 0xF9] + [UInt8](repeating: 0xFF, count: 15))
    #expect(tally.rounding.changedCount == 128)
    #expect(tally.rounding.largestDifference == 126.96875)
  }

  @Test func tooSmallAMeanIsZeroWithSigns() throws {
    let (bytes, tally) = try round([-0x1p-20], to: .q1_0)
    #expect(bytes.prefix(3) == [0, 0, 0xFE])
    #expect(tally.rounding.changedCount == 1)
    #expect(tally.rounding.largestDifference == 0x1p-20)
  }

  @Test(arguments: [.infinity, .nan, -65520 * 128, .greatestFiniteMagnitude] as [Float])
  func aGroupWithoutAFiniteMeanIsRefused(value: Float) throws {
    let tally = try round([1, value], to: .q1_0).tally
    #expect(tally.refusedCount == 1)
    let error = try #require(tally.firstRefusal)
    #expect(error.code == .notExact)
    #expect(error.location.row == 3 && error.location.group == 1)
    #expect(error.message.hasSuffix("; one that F16 has is needed"))
  }

  @Test func theNearestIsTheExactOneWhereThereIsOne() {
    let wrong = (UInt16.min...UInt16.max).filter {
      HalfPrecision.narrowToNearest(HalfPrecision.widen($0)) != $0
    }
    #expect(wrong == [])
  }
}
