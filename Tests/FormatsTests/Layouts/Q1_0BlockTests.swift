import Testing

@testable import Formats

/// The blocks of Specs/layouts.md §6, byte for byte.
@Suite struct Q1_0BlockTests {
  /// A scale and what each layout makes of it; bytes as they lie in a file.
  struct Corner: Sendable, CustomTestStringConvertible {
    let name: String
    /// d.
    let scale: String
    /// The F16 of a weight whose bit is 1, and of one whose bit is 0.
    let plus: String, minus: String
    /// The scale of AWQ.
    let awq: String
    /// Whether AWQ's codes are turned over.
    var isTurned = false
    /// Scale and bias of MLX; `nil` where it refuses the block.
    let mlx: (scale: String, bias: String)?

    var testDescription: String { name }
  }

  static let corners = [
    Corner(
      name: "one", scale: "003C", plus: "003C", minus: "00BC", awq: "003C",
      mlx: ("0040", "00BC")),
    Corner(
      name: "zero", scale: "0000", plus: "0000", minus: "0080", awq: "0000",
      mlx: ("0000", "0080")),
    Corner(
      name: "negative zero", scale: "0080", plus: "0080", minus: "0000", awq: "0000",
      isTurned: true, mlx: ("0080", "0000")),
    Corner(
      name: "negative", scale: "00BE", plus: "00BE", minus: "003E", awq: "003E", isTurned: true,
      mlx: ("00C2", "003E")),
    Corner(
      name: "smallest subnormal", scale: "0100", plus: "0100", minus: "0180", awq: "0100",
      mlx: ("0200", "0180")),
    Corner(
      name: "largest subnormal", scale: "FF03", plus: "FF03", minus: "FF83", awq: "FF03",
      mlx: ("FE07", "FF83")),
    Corner(
      name: "largest of which MLX holds the double", scale: "FF77", plus: "FF77", minus: "FFF7",
      awq: "FF77", mlx: ("FF7B", "FFF7")),
    Corner(
      name: "largest", scale: "FF7B", plus: "FF7B", minus: "FFFB", awq: "FF7B", mlx: nil),
  ]

  /// Weight 0 is +d, weights 1 to 14 are −d, weight 15 is +d, and so on.
  static let signs = "0180A5FF00F00F3C55AA33CC11887EE7"
  static let isPlus: [Bool] = [UInt8](hex: signs).flatMap { byte in
    (UInt8(0)..<8).map { byte >> $0 & 1 == 1 }
  }
  /// Eight rows of one block.
  static let tile = MatrixShape(rows: 8, columns: 128).whole

  static func tile(_ scale: String, _ signs: String = signs) -> [UInt8] {
    Array(repeatElement([UInt8](hex: scale + signs), count: 8).joined())
  }

  private func convert(_ bytes: [UInt8], _ from: Layout, _ to: Layout) throws -> [UInt8] {
    try LayoutLawTests.convert(bytes, from: from, to: to, Self.tile)
  }

  @Test(arguments: corners) func asF16(corner: Corner) throws {
    let values = try convert(Self.tile(corner.scale), .q1_0, .f16)
    let row = Self.isPlus.flatMap { [UInt8](hex: $0 ? corner.plus : corner.minus) }
    let same = values == Array(repeatElement(row, count: 8).joined())
    #expect(same)
  }

  @Test(arguments: corners) func asAWQ(corner: Corner) throws {
    let packed = try convert(Self.tile(corner.scale), .q1_0, .awq)
    let codes = Self.isPlus.flatMap {
      [UInt8](repeating: $0 == corner.isTurned ? 0x77 : 0x99, count: 4)
    }
    let scales = Array(repeatElement([UInt8](hex: corner.awq), count: 8).joined())
    let same = packed == codes + [UInt8](repeating: 0x88, count: 4) + scales
    #expect(same)
  }

  @Test(arguments: corners) func asMLX(corner: Corner) async throws {
    let blocks = Self.tile(corner.scale)
    guard let mlx = corner.mlx else {
      let error = await failure { _ = try convert(blocks, .q1_0, .mlx1) }
      #expect(error?.code == .notExact)
      #expect(
        error?.description
          == "MLX needs twice the scale 65504.0, which F16 cannot hold")
      #expect(error?.location.row == 0 && error?.location.group == 0)
      return
    }
    let packed = try convert(blocks, .q1_0, .mlx1)
    let parts = [Self.signs, mlx.scale, mlx.bias].flatMap { part in
      Array(repeatElement([UInt8](hex: part), count: 8).joined())
    }
    let same = packed == parts
    #expect(same)
    let back = try convert(packed, .mlx1, .q1_0) == blocks
    #expect(back)
  }

  @Test(
    "What is not finite has no place in any other layout",
    arguments: [
      ("007C", "inf"), ("00FC", "-inf"), ("007E", "nan"), ("FFFF", "nan"),
    ])
  func notFinite(scale: String, name: String) async {
    for layout in [Layout.f16, .awq, .mlx1, .f32] {
      var blocks = Self.tile("003C")
      blocks.replaceSubrange(18 * 5..<18 * 5 + 2, with: [UInt8](hex: scale))
      let error = await failure { _ = try convert(blocks, .q1_0, layout) }
      #expect(error?.code == .notExact, "\(layout.name)")
      #expect(
        error?.message == "the scale of this group is \(name); a finite one is needed")
      #expect(error?.location.row == 5 && error?.location.group == 0)
    }
  }

  /// Row r has only bit r: the words show which nibble belongs to which output.
  @Test func theOrderOfNibbles() throws {
    let blocks = (0..<8).flatMap { row in
      [UInt8](hex: "003C") + [UInt8(1) << row] + [UInt8](repeating: 0, count: 15)
    }
    let words = try convert(blocks, .q1_0, .awq).prefix(32)
    let expected = [
      "79777777", "77777977", "97777777", "77779777", "77797777", "77777779", "77977777",
      "77777797",
    ]
    #expect(Array(words) == expected.flatMap { [UInt8](hex: $0) })
  }

  @Test(arguments: [("0040", "2.0"), ("007E", "nan")])
  func foreignMLX(scale: String, name: String) async {
    let words = [UInt8](hex: Self.signs)
    let packed = [words, [UInt8](hex: scale), [UInt8](hex: "003C")].flatMap {
      Array(repeatElement($0, count: 8).joined())
    }
    let error = await failure { _ = try convert(packed, .mlx1, .q1_0) }
    #expect(error?.code == .notExact)
    #expect(error?.message == "needed scale = −2 × bias, found scale \(name) and bias 1.0")
  }

  /// mlx writes a group of one sign as its value in the bias: scale × 0 + bias, or scale + bias.
  @Test(arguments: [
    ("00", "0200", "003C", "003C", "FF"), ("00", "0200", "00BC", "003C", "00"),
    ("FF", "003C", "003C", "0040", "FF"), ("00", "0200", "0080", "0000", "00"),
  ])
  func oneSign(bits: String, scale: String, bias: String, d: String, signs: String) throws {
    let repeated = { (text: String, count: Int) in
      Array(repeatElement([UInt8](hex: text), count: count).joined())
    }
    let packed = repeated(bits, 128) + repeated(scale, 8) + repeated(bias, 8)
    let blocks = try convert(packed, .mlx1, .q1_0)
    let same =
      blocks == repeated(d + String(repeating: signs, count: 16), 8)
    #expect(same)
  }

  /// The scale of such a group is not used, but infinity or NaN times zero is NaN.
  @Test(arguments: ["007C", "007E"])
  func oneSignOfNoFiniteScale(scale: String) async {
    let packed =
      [UInt8](repeating: 0, count: 128)
      + [scale, "003C"].flatMap { part in
        Array(repeatElement([UInt8](hex: part), count: 8).joined())
      }
    let error = await failure { _ = try convert(packed, .mlx1, .q1_0) }
    #expect(error?.code == .notExact)
  }

  @Test func foreignAWQ() async throws {
    let packed = try convert(Self.tile("003C"), .q1_0, .awq)
    for (offset, byte, message) in [
      (4 * 3 + 1, 0x98, "needed codes at one distance from the zero point 8, found 9 and 8"),
      (512, 0x87, "needed codes at one distance from the zero point 7, found 9 and 7"),
      (517, 0x7C, "the scale of this group is inf; a finite one is needed"),
    ] as [(Int, UInt8, String)] {
      var changed = packed
      changed[offset] = byte
      let error = await failure { _ = try convert(changed, .awq, .q1_0) }
      #expect(error?.message == message)
    }
  }

  /// Codes at three from the zero point: d is three times the scale, where F16 has that.
  @Test func codesAtAnyDistance() async throws {
    var packed = try convert(Self.tile("003C"), .q1_0, .awq)
    for index in 0..<512 { packed[index] = packed[index] == 0x99 ? 0xBB : 0x55 }
    let same = try convert(packed, .awq, .q1_0) == Self.tile("0042")
    #expect(same)
    for row in 0..<8 { packed.replaceSubrange(516 + row * 2..<518 + row * 2, with: [0xFF, 0x7B]) }
    let error = await failure { _ = try convert(packed, .awq, .q1_0) }
    #expect(error?.message == "3 times the scale 65504.0 has no exact form in F16")
    #expect(error?.location.row == 0 && error?.location.group == 0)
  }

  /// What has a scale for fewer weights is one block only where the scales agree.
  @Test(arguments: [
    (
      Layout.mlx1Group64,
      "needed one scale in the groups of 64 of a block of 128, found 1.0 and 2.0"
    ),
    (.mlx1Group32, "needed one scale in the groups of 32 of a block of 128, found 1.0 and 2.0"),
    (.q1_0Group32, "needed one scale in four blocks of 32, found 1.0 and 2.0"),
  ])
  func smallerGroups(layout: Layout, message: String) async throws {
    var packed = try convert(Self.tile("003C"), .q1_0, layout)
    if layout == .q1_0Group32 {
      packed[6 + 1] = 0x40
    } else {
      let groups = 128 / (layout.groupSize ?? 128)
      let (scales, biases) = (128, 128 + 16 * groups)
      packed[scales + 3] = 0x44
      packed[biases + 2 + 1] = 0xC0
    }
    let error = await failure { _ = try convert(packed, layout, .q1_0) }
    #expect(error?.message == message)
    #expect(error?.location.row == 0 && error?.location.group == 0)
  }
}

/// Any distance from any zero point is one bit, as long as distance times scale is exact.
@Suite struct AnyCodesTests {
  /// Eight rows of one group: +k where the row's number plus the input's is even.
  private func packed(zero: UInt32, k: UInt32, scale: UInt16) -> [UInt8] {
    var bytes: [UInt8] = []
    for input in UInt32(0)..<128 {
      var word: UInt32 = 0
      for (nibble, row) in [0, 2, 4, 6, 1, 3, 5, 7].enumerated() {
        let code = (input + UInt32(row)) % 2 == 0 ? zero + k : zero - k
        word |= code << UInt32(nibble * 4)
      }
      for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(byte * 8))) }
    }
    let zeros = UInt8(zero | zero << 4)
    bytes += [zeros, zeros, zeros, zeros]
    for _ in 0..<8 { bytes += [UInt8(scale & 0xFF), UInt8(scale >> 8)] }
    return bytes
  }

  private let tile = Tile(rows: 0..<8, columns: 0..<128)

  @Test(arguments: [(8, 1, 0x3C00), (7, 1, 0x3C00), (8, 2, 0x3E00), (7, 7, 0x4000)])
  func distancesAreTaken(zero: Int, k: Int, d: Int) throws {
    // 1, 1, 0.75 and 2/7: of these only the last has no exact product.
    let scale: UInt16 = [1: 0x3C00, 2: 0x3A00, 7: 0x3492][k] ?? 0
    let source = packed(zero: UInt32(zero), k: UInt32(k), scale: scale)
    let convert = { try LayoutLawTests.convert(source, from: .awq, to: .q1_0, tile) }
    guard k < 7 else {
      let error = #expect(throws: FormatError.self) { _ = try convert() }
      #expect(error?.code == .notExact)
      return
    }
    let blocks = try convert()
    for row in 0..<8 {
      let signs: UInt8 = row % 2 == 0 ? 0x55 : 0xAA
      let expected = [UInt8(d & 0xFF), UInt8(d >> 8)] + [UInt8](repeating: signs, count: 16)
      #expect(Array(blocks[row * 18..<row * 18 + 18]) == expected)
    }
  }

  @Test func allRefusedGroupsAreCounted() throws {
    var source = packed(zero: 8, k: 1, scale: 0x3C00)
    source[0] = 0x88
    source[4] = 0x88
    let route = try ConversionGraph.standard.route(from: .awq, to: .q1_0)
    var (scratch, tally) = (TileScratch(), Tally())
    var target = [UInt8](repeating: 0, count: 144)
    source.withBytes { source in
      target.withMutableBytes {
        route.apply(tile, from: source, to: &$0, scratch: &scratch, tally: &tally)
      }
    }
    #expect(tally.refusedCount == 2)
    #expect(tally.firstRefusal?.location.row == 0)
  }
}

extension [UInt8] {
  /// The bytes that pairs of hexadecimal digits spell.
  init(hex: String) {
    let digits = hex.compactMap(\.hexDigitValue)
    self = stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
  }
}
