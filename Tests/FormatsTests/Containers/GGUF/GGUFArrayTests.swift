import Testing

@testable import Formats

@Suite struct GGUFArrayTests {
  static let kinds: [UInt32] = [0, 1, 2, 3, 4, 5, 10, 11]

  @Test(arguments: kinds, [false, true])
  func integers(_ kind: UInt32, _ isBigEndian: Bool) throws {
    var builder = GGUFBuilder()
    builder.isBigEndian = isBigEndian
    let numbers: [UInt8] =
      switch kind {
      case 0, 1: [1, 2, 127]
      case 2, 3: [1, 2, 127].flatMap { builder.encoded(UInt16($0)) }
      case 4, 5: [1, 2, 127].flatMap { builder.encoded(UInt32($0)) }
      default: [1, 2, 127].flatMap { builder.encoded(UInt64($0)) }
      }
    builder.add("a", 9, builder.array(kind, 3, numbers))
    let array = try #require(try builder.open().metadata.array("a"))
    #expect(array.elementKind.rawValue == kind && array.count == 3)
    #expect(try array.integers() == [1, 2, 127])
    #expect(try array.littleEndianBytes() == (isBigEndian ? littleEndian(numbers) : numbers))
    #expect(throws: FormatError.self) { try array.floats() }
    #expect(throws: FormatError.self) { try array.strings() }
  }

  /// The three numbers the other way round.
  private func littleEndian(_ bytes: [UInt8]) -> [UInt8] {
    let width = bytes.count / 3
    return (0..<3).flatMap { bytes[$0 * width..<($0 + 1) * width].reversed() }
  }

  /// Elements are read through windows that begin elsewhere than those in which the header was read,
  /// and what follows them in a stream comes once.
  @Test(arguments: [50_000, 100_000, 150_000, 200_000, 250_000])
  func elementsOfAStreamTakeNothingOfWhatFollows(distance: Int) throws {
    var builder = GGUFBuilder()
    builder.add("text", 8, builder.encoded(bytes: [UInt8](repeating: 65, count: distance)))
    let strings = (0..<31_000).flatMap { builder.encoded("token \($0)") }
    builder.add("strings", 9, builder.array(8, 31_000, strings))
    builder.add(tensor: "t", [1 << 18], 0, bytes: 1 << 20)
    let stream = StreamSource(PassingBytes(builder.bytes))
    let file = try GGUFFile(stream)
    stream.keepNoMore()
    let position = stream.position
    #expect(try file.metadata.array("strings")?.strings().count == 31_000)
    #expect(try file.metadata.array("strings")?.byteStrings().count == 31_000)
    #expect(stream.position == position)
  }

  @Test(arguments: [false, true])
  func othersAndNested(_ isBigEndian: Bool) throws {
    var builder = GGUFBuilder()
    builder.isBigEndian = isBigEndian
    let single = builder.encoded(Float(0.95).bitPattern)
    let double = builder.encoded(1e-06.bitPattern)
    let strings = builder.encoded("Ġa") + builder.encoded(bytes: [0xFF, 0])
    builder.add("single", 9, builder.array(6, 1, single))
    builder.add("double", 9, builder.array(12, 1, double))
    builder.add("bool", 9, builder.array(7, 2, [0, 1]))
    builder.add("strings", 9, builder.array(8, 2, strings))
    let inner = builder.array(8, 2, strings) + builder.array(6, 1, single)
    let nested = builder.array(9, 2, inner)
    builder.add("nested", 9, builder.array(9, 2, nested + builder.array(7, 0, [])))
    let file = try builder.open()
    try expectOthers(file)
    // The same values, all little-endian.
    let plan = try GGUFPlan(metadata: file.metadata, tensors: [])
    let again = try GGUFFile(MemorySource(plan.header))
    try expectOthers(again)
    #expect(!again.isBigEndian && again.headerByteCount == file.headerByteCount)
  }

  private func expectOthers(_ file: GGUFFile) throws {
    let metadata = file.metadata
    #expect(try metadata.array("single")?.floats() == [.single(0.95)])
    #expect(try metadata.array("double")?.floats() == [.double(1e-06)])
    #expect(try metadata.array("bool")?.bools() == [false, true])
    let strings = [ByteString("Ġa"), ByteString([0xFF, 0])]
    #expect(try metadata.array("strings")?.strings() == strings)
    let outer = try #require(try metadata.array("nested")).arrays()
    #expect(outer.map(\.count) == [2, 0])
    let inner = try outer[0].arrays()
    #expect(try inner[0].strings() == strings)
    #expect(try inner[1].floats() == [.single(0.95)])
  }

  @Test func integersBeyond63BitsAreRefused() throws {
    var builder = GGUFBuilder()
    builder.add("large", 9, builder.array(10, 1, builder.encoded(UInt64.max)))
    let metadata = try builder.open().metadata
    #expect(throws: FormatError(.malformed, "the integer 18446744073709551615 is beyond 63 bits")) {
      do throws(FormatError) {
        _ = try metadata.array("large")?.integers()
      } catch {
        throw FormatError(error.code, error.message)
      }
    }
  }

  /// A string whose length was changed after the array was bounded.
  @Test func elementsStayWithinTheArray() throws {
    let bytes = GGUFBuilder().encoded("four") + [UInt8](repeating: 0, count: 100)
    let array = GGUFArray(
      elementKind: .string, count: 1, range: 0..<10, isBigEndian: false, source: MemorySource(bytes)
    )
    #expect(throws: FormatError.self) { try array.strings() }
    #expect(throws: FormatError.self) { try array.byteStrings() }
  }

  /// Some lie across the end of a window, some are longer than one.
  @Test(arguments: [false, true])
  func stringsInOneBuffer(_ isBigEndian: Bool) throws {
    var builder = GGUFBuilder()
    builder.isBigEndian = isBigEndian
    let lengths = [0, 1, 300_000] + (0..<2_000).map { $0 * 7 % 600 } + [262_144, 262_136, 5]
    let strings = lengths.map { [UInt8](repeating: UInt8($0 & 0xFF), count: $0) }
    let elements = strings.flatMap { builder.encoded(bytes: $0) }
    builder.add("strings", 9, builder.array(8, UInt64(strings.count), elements))
    builder.add("last", 4, builder.encoded(UInt32(7)))
    let metadata = try builder.open().metadata
    let array = try #require(try metadata.array("strings"))
    let found = try array.byteStrings()
    let isSame = (0..<found.count).map { found.string($0).bytes } == strings
    #expect(isSame)
    #expect(try metadata.integer("last") == 7)
    let composed = try GGUFArray(found).strings().map(\.bytes) == strings
    #expect(composed)
  }

  @Test func composed() throws {
    #expect(try GGUFArray([Int32(-1), .min]).integers() == [-1, Int(Int32.min)])
    #expect(try GGUFArray([UInt32.max]).integers() == [Int(UInt32.max)])
    #expect(try GGUFArray([Float.pi]).floats() == [.single(.pi)])
    #expect(try GGUFArray([true, false]).bools() == [true, false])
    let strings = ["", "a", "é"].map { ByteString($0) }
    #expect(try GGUFArray(strings).strings() == strings)
  }
}
