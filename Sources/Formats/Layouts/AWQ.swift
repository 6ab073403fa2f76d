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
    Transform(.awq, to: .q1_0, .sameValues, mayRefuse: true, toQ1_0),
  ]

  /// The nibble of each output of a word: nibbles hold outputs 0, 2, 4, 6, 1, 3, 5 and 7.
  private static let places = [0, 4, 1, 5, 2, 6, 3, 7]
  static let allZeroPoints: UInt32 = 0x8888_8888

  @Sendable static func fromQ1_0(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    let geometry = Geometry(tile)
    var planes = SignPlanes()
    for group in 0..<geometry.groups {
      for words in geometry.strips {
        writeScales(source, tile, geometry, group, words, &target, &tally)
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
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    let geometry = Geometry(tile)
    var planes = SignPlanes()
    for group in 0..<geometry.groups {
      for words in geometry.strips {
        var isPlain = areZerosEight(source, geometry, group, words)
        for byte in 0..<16 where isPlain {
          isPlain = planes.readCodes(
            byte: byte, words: words.count, from: source,
            at: geometry.codes(of: group * 128 + byte * 8, words.lowerBound),
            stride: geometry.codeStride)
        }
        guard isPlain else {
          readAnyCodes(source, tile, geometry, group, words, &target, &tally)
          continue
        }
        readScales(source, tile, geometry, group, words, &target, &tally)
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

    /// The blocks of a word's outputs, first those of nibbles 0, 2, 4 and 6, which are the lower ones
    /// of its bytes, then those of 1, 3, 5 and 7.
    @inline(__always) func blocks(of word: Int, _ group: Int) -> SIMD8<Int> {
      let rows = SIMD8(0, 4, 1, 5, 2, 6, 3, 7) &+ word * 8
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
    _ target: inout MutableRawSpan, _ tally: inout Tally
  ) {
    for word in words {
      target.store(allZeroPoints, at: geometry.zeros(of: group, word))
      for row in word * 8..<word * 8 + 8 {
        let scale = source.load(geometry.block(row, group), as: UInt16.self)
        if !HalfPrecision.isFinite(scale) {
          tally.refuse(Q1_0.notFinite(scale, row * geometry.groups + group, tile))
        }
        target.store(scale & 0x7FFF, at: geometry.scale(of: group, row))
      }
    }
  }

  private static func areZerosEight(
    _ source: RawSpan, _ geometry: Geometry, _ group: Int, _ words: Range<Int>
  ) -> Bool {
    var difference: UInt32 = 0
    for word in words {
      difference |=
        source.load(geometry.zeros(of: group, word), as: UInt32.self) ^ allZeroPoints
    }
    return difference == 0
  }

  private static func readScales(
    _ source: RawSpan, _ tile: Tile, _ geometry: Geometry, _ group: Int, _ words: Range<Int>,
    _ target: inout MutableRawSpan, _ tally: inout Tally
  ) {
    for row in words.lowerBound * 8..<words.upperBound * 8 {
      let scale = source.load(geometry.scale(of: group, row), as: UInt16.self)
      if !HalfPrecision.isFinite(scale) {
        tally.refuse(Q1_0.notFinite(scale, row * geometry.groups + group, tile))
      }
      target.store(scale, at: geometry.block(row, group))
    }
  }
}

// MARK: - Any codes

extension AWQ {
  /// Reads groups whose codes are zero point + k and zero point − k for any k; d is k × scale.
  private static func readAnyCodes(
    _ source: RawSpan, _ tile: Tile, _ geometry: Geometry, _ group: Int, _ words: Range<Int>,
    _ target: inout MutableRawSpan, _ tally: inout Tally
  ) {
    var codes = [Int](repeating: 0, count: 128)
    for row in words.lowerBound * 8..<words.upperBound * 8 {
      let word = row / 8
      let shift = UInt32(places[row % 8] * 4)
      let zeros = source.load(geometry.zeros(of: group, word), as: UInt32.self)
      for input in 0..<128 {
        let place = geometry.codes(of: group * 128 + input, word)
        codes[input] = Int(source.load(place, as: UInt32.self) >> shift & 0xF)
      }
      let scale = source.load(geometry.scale(of: group, row), as: UInt16.self)
      let block = row * geometry.groups + group
      guard
        let (step, signs) = oneBit(codes, zero: Int(zeros >> shift & 0xF), block, tile, &tally)
      else { continue }
      let start = geometry.block(row, group)
      target.store(exactMultiple(step, of: scale, block, tile, &tally), at: start)
      target.store(signs[0], at: start + 2)
      target.store(signs[1], at: start + 10)
    }
  }

  /// The one distance of a group's codes from the zero point, and their signs; `nil` where it has
  /// none.
  private static func oneBit(
    _ codes: [Int], zero: Int, _ block: Int, _ tile: Tile, _ tally: inout Tally
  ) -> (step: Int, signs: SIMD2<UInt64>)? {
    let step = abs(codes[0] - zero)
    var signs = SIMD2<UInt64>()
    for (input, code) in codes.enumerated() where code >= zero {
      signs[input / 64] |= 1 << UInt64(input % 64)
    }
    if let other = codes.first(where: { abs($0 - zero) != step }) {
      tally.refuse(
        FormatError(
          .notExact,
          "needed codes at one distance from the zero point \(zero), found \(codes[0]) "
            + "and \(other)"
        ).located(block: block, in: tile))
      return nil
    }
    return (step, signs)
  }

  private static func exactMultiple(
    _ step: Int, of scale: UInt16, _ block: Int, _ tile: Tile, _ tally: inout Tally
  ) -> UInt16 {
    let product = Float(step) * Float(bitPattern: HalfPrecision.widen(scale))
    guard let exact = HalfPrecision.narrowFinite(product) else {
      tally.refuse(
        FormatError(
          .notExact,
          "\(step) times the scale \(HalfPrecision.describe(scale)) has no exact form in F16"
        ).located(block: block, in: tile))
      return 0
    }
    return exact
  }
}
