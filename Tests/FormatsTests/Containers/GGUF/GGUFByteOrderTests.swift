import Testing

@testable import Formats

@Suite struct GGUFByteOrderTests {
  @Test func turnsElementsAround() throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    #expect(try swapped(bytes, .f16) == [2, 1, 4, 3, 6, 5, 8, 7])
    #expect(try swapped(bytes, .bf16) == [2, 1, 4, 3, 6, 5, 8, 7])
    #expect(try swapped(bytes, .f32) == [4, 3, 2, 1, 8, 7, 6, 5])
    #expect(try swapped(bytes, .i64) == bytes.reversed())
    #expect(try swapped(bytes, .i8) == bytes)
  }

  @Test func turnsOnlyTheScaleOfQ1_0Around() throws {
    let block = (0..<18).map { UInt8($0) }
    #expect(try swapped(block + block, .q1_0) == ([1, 0] + block[2...]) + ([1, 0] + block[2...]))
  }

  @Test func refusesOtherTypesAndPartsOfBlocks() throws {
    let q4 = StorageType("Q4_K", blockSize: 256, blockByteCount: 144)
    #expect(!GGUFByteOrder.canSwap(q4) && GGUFByteOrder.canSwap(.q1_0))
    #expect(throws: FormatError.self) { try swapped([1, 2], q4) }
    #expect(throws: FormatError.self) { try swapped([1, 2, 3], .f16) }
    #expect(throws: FormatError.self) { try swapped([1, 2], .q1_0) }
  }

  private func swapped(_ bytes: [UInt8], _ type: StorageType) throws(FormatError) -> [UInt8] {
    var copy = bytes
    try GGUFByteOrder.swap(&copy, of: type)
    return copy
  }
}
