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

  @Sendable static func fromQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan
  ) throws(FormatError) {
    let geometry = Geometry(tile)
    var planes = SignPlanes()
    for group in 0..<geometry.groups {
      for words in geometry.strips {
        try writeScales(source, tile, geometry, group, words, &target)
        for word in words {
          planes.load(
            source, blocks: geometry.blocks(of: word, group), word: word - words.lowerBound)
        }
        for byte in 0..<16 {
          planes.writeCodes(
            byte: byte, words: words.count, to: &target,
            at: geometry.codes(of: group * 128 + byte * 8, words.lowerBound),
            stride: geometry.codeStride)
        }
      }
    }
  }

  @Sendable static func toQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan
  ) throws(FormatError) {
    let geometry = Geometry(tile)
    var planes = SignPlanes()
    for group in 0..<geometry.groups {
      for words in geometry.strips {
        try readScales(source, tile, geometry, group, words, &target)
        for byte in 0..<16 {
          let isOneBit = planes.readCodes(
            byte: byte, words: words.count, from: source,
            at: geometry.codes(of: group * 128 + byte * 8, words.lowerBound),
            stride: geometry.codeStride)
          guard isOneBit else { throw notOneBit(source, tile, geometry, group, words, byte) }
        }
        for word in words {
          planes.store(
            &target, blocks: geometry.blocks(of: word, group), word: word - words.lowerBound)
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

    func codes(of input: Int, _ word: Int) -> Int { input * codeStride + word * 4 }
    func zeros(of group: Int, _ word: Int) -> Int { zeros + group * codeStride + word * 4 }
    func scale(of group: Int, _ row: Int) -> Int { scales + (group * rows + row) * 2 }
    @inline(__always) func block(_ row: Int, _ group: Int) -> Int {
      row * blockStride + group * Q1_0.blockByteCount
    }

    /// The blocks of a word's outputs, in the order of its nibbles.
    @inline(__always) func blocks(of word: Int, _ group: Int) -> SIMD8<Int> {
      let rows = SIMD8<Int>(0, 2, 4, 6, 1, 3, 5, 7) &+ word * 8
      return rows &* blockStride &+ group * Q1_0.blockByteCount
    }

    /// The words, in strips that fit the planes.
    var strips: [Range<Int>] {
      stride(from: 0, to: words, by: SignPlanes.capacity / 8).map {
        $0..<min($0 + SignPlanes.capacity / 8, words)
      }
    }
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

  /// The refusal of a strip in which some code is neither 7 nor 9: finds the first.
  private static func notOneBit(
    _ source: RawSpan, _ tile: Tile, _ geometry: Geometry, _ group: Int, _ words: Range<Int>,
    _ byte: Int
  ) -> FormatError {
    for input in group * 128 + byte * 8..<group * 128 + byte * 8 + 8 {
      for word in words {
        let codes = source.load(geometry.codes(of: input, word), as: UInt32.self)
        for nibble in 0..<8 {
          let code = codes >> UInt32(nibble * 4) & 0xF
          guard code != 7 && code != 9 else { continue }
          let row = word * 8 + order[nibble]
          return FormatError(
            .notExact, "needed the codes 7 and 9 of a 1-bit weight, found \(code)"
          ).located(block: row * geometry.groups + group, in: tile)
        }
      }
    }
    return FormatError(.notExact, "needed the codes 7 and 9 of a 1-bit weight")
  }
}
