extension Layout {
  /// AutoAWQ's GEMM layout of 4 bits, groups of 128: weight = (code − zero) × scale, transposed.
  public static let awq = awq(groupSize: 128)

  /// The same in groups of another size or with scales of another type, which is only recognized.
  static func awq(groupSize: Int, scaleType: StorageType = .f16) -> Layout {
    let isStandard = groupSize == 128 && scaleType == .f16
    return Layout(
      isStandard ? "AWQ-INT4" : "AWQ-INT4 group \(groupSize) \(scaleType.name)",
      parts: [
        Part("qweight", .i32, outputs: 8, inputs: 1, unitByteCount: 4, isTransposed: true),
        Part("qzeros", .i32, outputs: 8, inputs: groupSize, unitByteCount: 4, isTransposed: true),
        Part(
          "scales", scaleType, inputs: groupSize, unitByteCount: scaleType.blockByteCount,
          isTransposed: true),
      ],
      groupSize: groupSize)
  }
}

/// +d is code 9, −d is code 7, the zero point is 8 and the scale d. Specs/layouts.md §4.
enum AWQ {
  static let transforms = [
    Transform(.q1_0, to: .awq, .lossless, mayRefuse: true, fromQ1_0),
    Transform(.awq, to: .q1_0, .lossless, mayRefuse: true, toQ1_0),
  ]

  /// Nibble k of a word holds the output `8 × word + order[k]`.
  static let order = [0, 2, 4, 6, 1, 3, 5, 7]
  static let allZeroPoints: UInt32 = 0x8888_8888

  /// Words of eight outputs that are worked on at once: their blocks stay in the nearest cache.
  private static let wordsAtOnce = 64

  @Sendable static func fromQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan
  ) throws(FormatError) {
    let geometry = Geometry(tile)
    let codes = CodeWords.ofBits
    for group in 0..<geometry.groups {
      for first in stride(from: 0, to: geometry.words, by: wordsAtOnce) {
        let words = first..<min(first + wordsAtOnce, geometry.words)
        try writeScales(source, tile, geometry, group, words, &target)
        for byte in 0..<16 {
          let row = geometry.codes(of: group * 128 + byte * 8)
          for word in words {
            var columns = gather(source, geometry, group, word, byte)
            columns = transposed(columns)
            for input in 0..<8 {
              target.store(
                codes[Int(columns >> UInt64(input * 8) & 0xFF)],
                at: row + input * geometry.codeStride + word * 4)
            }
          }
        }
      }
    }
  }

  @Sendable static func toQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan
  ) throws(FormatError) {
    let geometry = Geometry(tile)
    for group in 0..<geometry.groups {
      for first in stride(from: 0, to: geometry.words, by: wordsAtOnce) {
        let words = first..<min(first + wordsAtOnce, geometry.words)
        try readScales(source, tile, geometry, group, words, &target)
        for byte in 0..<16 {
          let row = geometry.codes(of: group * 128 + byte * 8)
          for word in words {
            var columns: UInt64 = 0
            for input in 0..<8 {
              let codes = source.load(
                row + input * geometry.codeStride + word * 4, as: UInt32.self)
              guard let bits = CodeWords.bits(of: codes) else {
                throw notOneBit(codes, tile, group: group, word: word)
              }
              columns |= UInt64(bits) << UInt64(input * 8)
            }
            scatter(transposed(columns), geometry, group, word, byte, &target)
          }
        }
      }
    }
  }
}

// MARK: - Where things lie in a packed tile

extension AWQ {
  /// Offsets within the packed tiles of both layouts.
  struct Geometry {
    let rows: Int
    let words: Int
    let groups: Int
    let codeStride: Int
    private let zeros: Int
    private let scales: Int
    private let blockStride: Int

    init(_ tile: Tile) {
      rows = tile.rows.count
      words = rows / 8
      groups = tile.columns.count / Q1_0.blockSize
      codeStride = words * 4
      zeros = tile.columns.count * codeStride
      scales = zeros + groups * codeStride
      blockStride = groups * Q1_0.blockByteCount
    }

    @inline(__always) func codes(of input: Int) -> Int { input * codeStride }
    func zeros(of group: Int, _ word: Int) -> Int { zeros + group * codeStride + word * 4 }
    func scale(of group: Int, _ row: Int) -> Int { scales + (group * rows + row) * 2 }
    @inline(__always) func block(_ row: Int, _ group: Int) -> Int {
      row * blockStride + group * Q1_0.blockByteCount
    }
  }
}

// MARK: - Signs

extension AWQ {
  /// One byte of signs from each of a word's eight outputs, in the order of the nibbles; a negative
  /// scale turns its byte over, so that the codes belong to its magnitude.
  @inline(__always)
  private static func gather(
    _ source: RawSpan, _ geometry: Geometry, _ group: Int, _ word: Int, _ byte: Int
  ) -> UInt64 {
    var result: UInt64 = 0
    for nibble in 0..<8 {
      let block = geometry.block(word * 8 + outputs(nibble), group)
      let isNegative = source.byte(at: block + 1) >> 7
      let signs = source.byte(at: block + 2 + byte) ^ (0 &- isNegative)
      result |= UInt64(signs) << UInt64(nibble * 8)
    }
    return result
  }

  @inline(__always)
  private static func scatter(
    _ rows: UInt64, _ geometry: Geometry, _ group: Int, _ word: Int, _ byte: Int,
    _ target: inout MutableRawSpan
  ) {
    for nibble in 0..<8 {
      let block = geometry.block(word * 8 + outputs(nibble), group)
      target.store(UInt8(truncatingIfNeeded: rows >> UInt64(nibble * 8)), at: block + 2 + byte)
    }
  }

  /// `order[nibble]`, as arithmetic: even outputs first, then odd ones.
  @inline(__always)
  private static func outputs(_ nibble: Int) -> Int { nibble * 2 % 8 + nibble / 4 }

  /// The 8 × 8 bits turned about the diagonal: bit i of byte k becomes bit k of byte i.
  @inline(__always)
  static func transposed(_ bits: UInt64) -> UInt64 {
    var bits = bits
    var swap = (bits ^ bits >> 7) & 0x00AA_00AA_00AA_00AA
    bits ^= swap ^ swap << 7
    swap = (bits ^ bits >> 14) & 0x0000_CCCC_0000_CCCC
    bits ^= swap ^ swap << 14
    swap = (bits ^ bits >> 28) & 0x0000_0000_F0F0_F0F0
    return bits ^ swap ^ swap << 28
  }
}

// MARK: - Scales and zero points

extension AWQ {
  private static func writeScales(
    _ source: RawSpan, _ tile: Tile, _ geometry: Geometry, _ group: Int, _ words: Range<Int>,
    _ target: inout MutableRawSpan
  ) throws(FormatError) {
    for word in words {
      target.store(allZeroPoints, at: geometry.zeros(of: group, word))
      for row in word * 8..<word * 8 + 8 {
        let scale = source.load(geometry.block(row, group), as: UInt16.self)
        guard HalfPrecision.isFinite(scale) else {
          throw Q1_0.notFinite(scale, row * geometry.groups + group, tile)
        }
        target.store(scale & 0x7FFF, at: geometry.scale(of: group, row))
      }
    }
  }

  private static func readScales(
    _ source: RawSpan, _ tile: Tile, _ geometry: Geometry, _ group: Int, _ words: Range<Int>,
    _ target: inout MutableRawSpan
  ) throws(FormatError) {
    for word in words {
      let zeros = source.load(geometry.zeros(of: group, word), as: UInt32.self)
      guard zeros == allZeroPoints else {
        throw FormatError(
          .notExact,
          "needed zero points of 8, found the word 0x\(String(zeros, radix: 16)) in qzeros"
        ).located(block: word * 8 * geometry.groups + group, in: tile)
      }
      for row in word * 8..<word * 8 + 8 {
        let scale = source.load(geometry.scale(of: group, row), as: UInt16.self)
        guard HalfPrecision.isFinite(scale) else {
          throw Q1_0.notFinite(scale, row * geometry.groups + group, tile)
        }
        target.store(scale, at: geometry.block(row, group))
      }
    }
  }

  private static func notOneBit(
    _ codes: UInt32, _ tile: Tile, group: Int, word: Int
  ) -> FormatError {
    let wrong = (0..<8).first { ![7, 9].contains(codes >> UInt32($0 * 4) & 0xF) } ?? 0
    let code = codes >> UInt32(wrong * 4) & 0xF
    let row = word * 8 + order[wrong]
    return FormatError(.notExact, "needed the codes 7 and 9 of a 1-bit weight, found \(code)")
      .located(block: row * (tile.columns.count / Q1_0.blockSize) + group, in: tile)
  }
}
