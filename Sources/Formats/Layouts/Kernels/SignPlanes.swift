/// The signs of one group of inputs, for a strip of outputs, as 16 planes of bytes.
///
/// Plane b holds byte b of each output's 16 sign bytes, so that the outputs lie side by side, as
/// they do in AWQ's words; within eight outputs they stand in the order of a word's nibbles. Between
/// planes and words only shifts and masks are left, which every SIMD unit does on 16 bytes at once.
struct SignPlanes {
  /// Outputs in a strip: small enough that planes and blocks stay in the nearest cache.
  static let capacity = 512

  /// 16 planes of ``capacity`` bytes.
  private var bytes = [UInt8](repeating: 0, count: 16 * capacity)

  /// Takes the signs of eight outputs out of their blocks.
  ///
  /// - Parameters:
  ///   - source: Q1_0 blocks.
  ///   - blocks: Where the block of each nibble's output begins.
  ///   - word: The place of the eight outputs in the strip.
  mutating func load(_ source: RawSpan, blocks: SIMD8<Int>, word: Int) {
    var low = Octet()
    var high = Octet()
    for nibble in 0..<8 {
      let start = blocks[nibble]
      // A negative scale turns the signs over, so that they belong to its magnitude.
      let turned = UInt64(truncatingIfNeeded: -Int(source.byte(at: start + 1) >> 7))
      low[nibble] = source.load(start + 2, as: UInt64.self) ^ turned
      high[nibble] = source.load(start + 10, as: UInt64.self) ^ turned
    }
    low.transpose()
    high.transpose()
    bytes.withMutableBytes { planes in
      for index in 0..<8 {
        planes.store(low[index], at: index * Self.capacity + word * 8)
        planes.store(high[index], at: (index + 8) * Self.capacity + word * 8)
      }
    }
  }

  /// Puts the signs of eight outputs into their blocks.
  func store(_ target: inout MutableRawSpan, blocks: SIMD8<Int>, word: Int) {
    var low = Octet()
    var high = Octet()
    bytes.withBytes { planes in
      for index in 0..<8 {
        low[index] = planes.load(index * Self.capacity + word * 8, as: UInt64.self)
        high[index] = planes.load((index + 8) * Self.capacity + word * 8, as: UInt64.self)
      }
    }
    low.transpose()
    high.transpose()
    for nibble in 0..<8 {
      target.store(low[nibble], at: blocks[nibble] + 2)
      target.store(high[nibble], at: blocks[nibble] + 10)
    }
  }

  /// Writes the codes of eight inputs for the strip.
  ///
  /// - Parameters:
  ///   - byte: Which eight of the group's inputs.
  ///   - words: How many words of eight outputs there are.
  ///   - start: Where the first input's first word goes.
  ///   - stride: Bytes from one input to the next.
  func writeCodes(
    byte: Int, words: Int, to target: inout MutableRawSpan, at start: Int, stride: Int
  ) {
    bytes.withBytes { planes in
      for first in Swift.stride(from: 0, to: words, by: 4) {
        let signs = planes.loadVector(byte * Self.capacity + first * 8, as: SIMD16<UInt16>.self)
        for input in 0..<8 {
          let codes = Self.codes(of: signs, input: UInt16(input))
          let position = start + input * stride + first * 4
          if words - first >= 4 {
            target.storeVector(codes, at: position)
          } else {
            let lanes = Self.reinterpreted(codes)
            for word in 0..<words - first { target.store(lanes[word], at: position + word * 4) }
          }
        }
      }
    }
  }

  /// Reads the codes of eight inputs for the strip.
  ///
  /// - Returns: `false` when one of them is neither 7 nor 9.
  mutating func readCodes(
    byte: Int, words: Int, from source: RawSpan, at start: Int, stride: Int
  ) -> Bool {
    bytes.withMutableBytes { planes in
      var wrong = SIMD16<UInt8>()
      for first in Swift.stride(from: 0, to: words, by: 4) {
        var signs = SIMD16<UInt16>()
        for input in 0..<8 {
          let position = start + input * stride + first * 4
          let codes: SIMD16<UInt8>
          if words - first >= 4 {
            codes = source.loadVector(position, as: SIMD16<UInt8>.self)
          } else {
            var lanes = SIMD4<UInt32>(repeating: 0x7777_7777)
            for word in 0..<words - first {
              lanes[word] = source.load(position + word * 4, as: UInt32.self)
            }
            codes = Self.reinterpreted(lanes)
          }
          signs |= Self.signs(of: codes, input: UInt16(input), &wrong)
        }
        planes.storeVector(signs, at: byte * Self.capacity + first * 8)
      }
      return wrong == SIMD16<UInt8>()
    }
  }

  /// A lane holds two outputs, one in each byte; its two codes fill one byte.
  @inline(__always)
  private static func codes(of signs: SIMD16<UInt16>, input: UInt16) -> SIMD16<UInt8> {
    // The input's two bits go to places 1 and 5: with 7 added to each nibble they make 9.
    let bits = (input == 0 ? signs &<< 1 : signs &>> (input - 1)) & 0x0202
    let pairs = (bits | bits &>> 4) & 0x0022
    return SIMD16<UInt8>(truncatingIfNeeded: pairs &+ 0x0077)
  }

  @inline(__always)
  private static func signs(
    of codes: SIMD16<UInt8>, input: UInt16, _ wrong: inout SIMD16<UInt8>
  ) -> SIMD16<UInt16> {
    // Against 7, a 9 differs by 1110 and a 7 by nothing.
    let difference = codes ^ 0x77
    let bits = difference & 0x22
    wrong |= difference ^ (bits | (bits &<< 1) | (bits &<< 2))
    let wide = SIMD16<UInt16>(truncatingIfNeeded: bits)
    let spread = (wide | wide &<< 4) & 0x0202
    return input == 0 ? spread &>> 1 : spread &<< (input - 1)
  }

  private static func reinterpreted(_ value: SIMD16<UInt8>) -> SIMD4<UInt32> {
    var result = SIMD4<UInt32>()
    for index in 0..<16 { result[index / 4] |= UInt32(value[index]) << UInt32(index % 4 * 8) }
    return result
  }

  private static func reinterpreted(_ value: SIMD4<UInt32>) -> SIMD16<UInt8> {
    var result = SIMD16<UInt8>()
    for index in 0..<16 {
      result[index] = UInt8(truncatingIfNeeded: value[index / 4] >> UInt32(index % 4 * 8))
    }
    return result
  }
}

/// Eight rows of eight bytes.
private struct Octet {
  private var rows = SIMD8<UInt64>()

  @inline(__always)
  subscript(_ index: Int) -> UInt64 {
    get { rows[index] }
    set { rows[index] = newValue }
  }

  /// Turns rows into columns: byte j of row i becomes byte i of row j.
  @inline(__always)
  mutating func transpose() {
    exchange(4, by: 32, 0x0000_0000_FFFF_FFFF)
    exchange(2, by: 16, 0x0000_FFFF_0000_FFFF)
    exchange(1, by: 8, 0x00FF_00FF_00FF_00FF)
  }

  /// Exchanges the upper parts of some rows with the lower parts of those `distance` further on.
  @inline(__always)
  private mutating func exchange(_ distance: Int, by shift: UInt64, _ mask: UInt64) {
    for index in 0..<8 where index & distance == 0 {
      let swap = (rows[index] >> shift ^ rows[index + distance]) & mask
      rows[index] ^= swap << shift
      rows[index + distance] ^= swap
    }
  }
}
