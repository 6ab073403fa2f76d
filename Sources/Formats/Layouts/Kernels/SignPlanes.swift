/// The signs of one group of inputs, for a strip of outputs, as 16 planes of bytes.
///
/// Plane b holds byte b of each output's 16 sign bytes, so that the outputs lie side by side, as
/// they do in AWQ's words; of eight outputs first those of the lower nibbles of a word's bytes, then
/// those of the upper ones. Between planes and words only shifts and masks are left, which every
/// SIMD unit does on 16 bytes at once.
struct SignPlanes {
  /// Outputs in a strip: small enough that planes and blocks stay in the nearest cache.
  static let capacity = 512

  /// Four words, or as many bytes of a plane. What moves stays within its byte.
  private typealias Words = SIMD4<UInt32>

  /// 16 planes of ``capacity`` bytes.
  private var bytes = [UInt8](repeating: 0, count: 16 * capacity)

  /// Takes the signs of eight outputs out of their blocks.
  ///
  /// - Parameters:
  ///   - source: Q1_0 blocks.
  ///   - blocks: Where the blocks begin, in the order that outputs have in a plane.
  ///   - word: The place of the eight outputs in the strip.
  mutating func load(_ source: RawSpan, blocks: SIMD8<Int>, word: Int) {
    var weave = ByteWeave(
      rows: (
        Self.signs(source, blocks[0]), Self.signs(source, blocks[1]),
        Self.signs(source, blocks[2]), Self.signs(source, blocks[3]),
        Self.signs(source, blocks[4]), Self.signs(source, blocks[5]),
        Self.signs(source, blocks[6]), Self.signs(source, blocks[7])
      ))
    weave.turnIntoColumns()
    let rows = weave.rows
    bytes.withMutableBytes { planes in
      Self.put(rows.0, planes: 0, word, &planes)
      Self.put(rows.1, planes: 2, word, &planes)
      Self.put(rows.2, planes: 4, word, &planes)
      Self.put(rows.3, planes: 6, word, &planes)
      Self.put(rows.4, planes: 8, word, &planes)
      Self.put(rows.5, planes: 10, word, &planes)
      Self.put(rows.6, planes: 12, word, &planes)
      Self.put(rows.7, planes: 14, word, &planes)
    }
  }

  /// Puts the signs of eight outputs into their blocks.
  func store(_ target: inout MutableRawSpan, blocks: SIMD8<Int>, word: Int) {
    var weave = bytes.withBytes { planes in
      ByteWeave(
        rows: (
          Self.take(planes, 0, word), Self.take(planes, 2, word), Self.take(planes, 4, word),
          Self.take(planes, 6, word), Self.take(planes, 8, word), Self.take(planes, 10, word),
          Self.take(planes, 12, word), Self.take(planes, 14, word)
        ))
    }
    weave.turnIntoRows()
    let rows = weave.rows
    target.storeVector(rows.0, at: blocks[0] + 2)
    target.storeVector(rows.1, at: blocks[1] + 2)
    target.storeVector(rows.2, at: blocks[2] + 2)
    target.storeVector(rows.3, at: blocks[3] + 2)
    target.storeVector(rows.4, at: blocks[4] + 2)
    target.storeVector(rows.5, at: blocks[5] + 2)
    target.storeVector(rows.6, at: blocks[6] + 2)
    target.storeVector(rows.7, at: blocks[7] + 2)
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
        let signs = planes.loadVector(byte * Self.capacity + first * 8, as: SIMD8<UInt32>.self)
        let (lower, upper) = (signs.evenHalf, signs.oddHalf)
        // Bit i of each nibble is the sign of input i, and of input i + 4.
        let front = (lower & 0x0F0F_0F0F) | ((upper & 0x0F0F_0F0F) &<< 4)
        let back = ((lower &>> 4) & 0x0F0F_0F0F) | (upper & 0xF0F0_F0F0)
        let (place, count) = (start + first * 4, words - first)
        Self.write(front &<< 1, count, &target, place)
        Self.write(front, count, &target, place + stride)
        Self.write(front &>> 1, count, &target, place + 2 * stride)
        Self.write(front &>> 2, count, &target, place + 3 * stride)
        Self.write(back &<< 1, count, &target, place + 4 * stride)
        Self.write(back, count, &target, place + 5 * stride)
        Self.write(back &>> 1, count, &target, place + 6 * stride)
        Self.write(back &>> 2, count, &target, place + 7 * stride)
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
      var wrong = Words()
      for first in Swift.stride(from: 0, to: words, by: 4) {
        let (place, count) = (start + first * 4, words - first)
        var front = Self.read(source, place, count, &wrong) &>> 1
        front |= Self.read(source, place + stride, count, &wrong)
        front |= Self.read(source, place + 2 * stride, count, &wrong) &<< 1
        front |= Self.read(source, place + 3 * stride, count, &wrong) &<< 2
        var back = Self.read(source, place + 4 * stride, count, &wrong) &>> 1
        back |= Self.read(source, place + 5 * stride, count, &wrong)
        back |= Self.read(source, place + 6 * stride, count, &wrong) &<< 1
        back |= Self.read(source, place + 7 * stride, count, &wrong) &<< 2
        var signs = SIMD8<UInt32>()
        signs.evenHalf = (front & 0x0F0F_0F0F) | ((back & 0x0F0F_0F0F) &<< 4)
        signs.oddHalf = ((front &>> 4) & 0x0F0F_0F0F) | (back & 0xF0F0_F0F0)
        planes.storeVector(signs, at: byte * Self.capacity + first * 8)
      }
      return wrong == Words()
    }
  }
}

// MARK: - Pieces

extension SignPlanes {
  /// A block's signs; a negative scale turns them over, so that they belong to its magnitude.
  @inline(__always)
  private static func signs(_ source: RawSpan, _ block: Int) -> ByteWeave.Row {
    let turned = 0 &- (source.byte(at: block + 1) &>> 7)
    return source.loadVector(block + 2, as: ByteWeave.Row.self) ^ turned
  }

  /// Puts eight bytes into each of two planes.
  @inline(__always)
  private static func put(
    _ row: ByteWeave.Row, planes first: Int, _ word: Int, _ planes: inout MutableRawSpan
  ) {
    planes.storeVector(row.lowHalf, at: first * capacity + word * 8)
    planes.storeVector(row.highHalf, at: (first + 1) * capacity + word * 8)
  }

  /// Takes eight bytes out of each of two planes.
  @inline(__always)
  private static func take(_ planes: RawSpan, _ first: Int, _ word: Int) -> ByteWeave.Row {
    ByteWeave.Row(
      lowHalf: planes.loadVector(first * capacity + word * 8, as: SIMD8<UInt8>.self),
      highHalf: planes.loadVector((first + 1) * capacity + word * 8, as: SIMD8<UInt8>.self))
  }

  /// Writes the codes of signs in bit 1 of each nibble, for as many words as there are.
  @inline(__always)
  private static func write(
    _ signs: Words, _ count: Int, _ target: inout MutableRawSpan, _ place: Int
  ) {
    // 7 and 2 make 9.
    let codes = (signs & 0x2222_2222) &+ 0x7777_7777
    guard count < 4 else { return target.storeVector(codes, at: place) }
    for word in 0..<count { target.store(codes[word], at: place + word * 4) }
  }

  /// Reads the signs of codes into bit 1 of each nibble, for as many words as there are.
  ///
  /// - Parameter wrong: Gets a bit where a code is neither 7 nor 9.
  @inline(__always)
  private static func read(
    _ source: RawSpan, _ place: Int, _ count: Int, _ wrong: inout Words
  ) -> Words {
    var codes = Words(repeating: 0x7777_7777)
    if count >= 4 {
      codes = source.loadVector(place, as: Words.self)
    } else {
      for word in 0..<count { codes[word] = source.load(place + word * 4, as: UInt32.self) }
    }
    // Against 7, a 9 differs by 1110, which is 7 times bit 1, and a 7 by nothing.
    let difference = codes ^ 0x7777_7777
    let signs = difference & 0x2222_2222
    wrong |= difference ^ ((signs &<< 3) &- signs)
    return signs
  }
}
