import Testing

@testable import Formats

@Suite("Byte strings in one buffer")
struct ByteStringsTests {
  static func strings(_ all: [[UInt8]]) -> ByteStrings {
    var strings = ByteStrings()
    for bytes in all {
      strings.bytes += bytes
      strings.endString()
    }
    return strings
  }

  /// Of every length up to 40, and with a difference in each of the places.
  static let similar: [[UInt8]] = (0...40).flatMap { count -> [[UInt8]] in
    let plain = [UInt8](repeating: 0x61, count: count)
    return [plain]
      + plain.indices.map { index in
        var changed = plain
        changed[index] = 0x62
        return changed
      }
  }

  @Test("Each is found, however alike, and one that is not there is not")
  func finding() {
    let strings = Self.strings(Self.similar + Self.similar)
    var index = ByteStringIndex()
    let count = Self.similar.count
    let added = (0..<count).filter { index.insert($0, of: strings) == nil }.count
    #expect(added == count && index.count == count)
    let again = (count..<2 * count).filter { index.insert($0, of: strings) == $0 - count }.count
    #expect(again == count && index.count == count)
    let missing = Self.similar.filter { bytes in
      bytes.withBytes { index.number(of: $0, in: strings) } == nil
    }
    #expect(missing == [])
    let other = [UInt8](repeating: 0x63, count: 9)
    #expect(other.withBytes { index.number(of: $0, in: strings) } == nil)
  }

  @Test("Names that are one by canonical equivalence are two by their bytes")
  func names() {
    var names = NameSet()
    let isNew = ["caf\u{E9}", "cafe\u{301}", "caf\u{E9}", ""].map { names.insert($0) }
    #expect(isNew == [true, true, false, true])
    #expect(names.number(of: "") == 2 && names.number(of: "cafe") == nil)
    #expect(NameSet(["a", "b", "a", "c"]).number(of: "c") == 3)
  }

  @Test("UTF-8 is asked of each string, not only of the whole")
  func validity() {
    #expect(Self.strings([[], [0x61], [0xC3, 0xA9], []]).firstInvalid() == nil)
    #expect(Self.strings([[0x61], [0xC3], [0xA9]]).firstInvalid() == 1)
    #expect(Self.strings([[0x61], [0xC3], [], [0xA9]]).firstInvalid() == 1)
    #expect(Self.strings([[0x61], [0x62], [0xC3]]).firstInvalid() == 2)
    #expect(Self.strings([]).firstInvalid() == nil)
  }

  @Test("The last string can be taken back")
  func removal() {
    var strings = Self.strings([[1], [2, 3]])
    strings.removeLast()
    strings.append("x")
    #expect(strings.count == 2 && strings.bytes == [1, 0x78])
  }

  @Test("Names in the order of people: numbers by their value, ends first")
  func naturalOrder() {
    let names = [
      "", "1", "2", "10", "10a", "a", "a1", "a.2.b", "a.2.c", "a.10.b", "a.10.b.long.enough.3",
      "a.10.b.long.enough.12", "a.10.b.long.enough.12x", "ab", "ab1", "abc", "b",
    ]
    let shuffled = names.shuffled()
    #expect(shuffled.sorted { NaturalKey($0) < NaturalKey($1) } == names)
    #expect(NaturalOrder(shuffled).sorted().map { shuffled[$0] } == names)
    #expect(NaturalKey("a01") == NaturalKey("a1"))
    #expect(NaturalOrder(["a01", "a1", "a001"]).sorted() == [0, 1, 2])
  }

  @Test("Both ways to order names agree, whatever these are")
  func naturalOrders() {
    let letters = ["0", "1", "9", "a", ".", "\0", "\u{1}", "\u{2}", "\u{3}", "/", ":", "é", "10"]
    let numbers = [1, 18, 19, 20, 21, 40, 254, 255, 256, 257, 300, 600].flatMap { count in
      ["1", "9", "18446744073709551615", "18446744073709551616"].flatMap { start in
        [start, "0" + start].map { $0 + String(repeating: "0", count: count) }
      }
    }
    let names =
      (0..<2000).map { _ in
        (0..<Int.random(in: 0...9)).map { _ in letters.randomElement() ?? "" }.joined()
      }
      + (0..<1000).map { _ in
        (letters.randomElement() ?? "") + (numbers.randomElement() ?? "")
          + (letters.randomElement() ?? "")
      }
    let sorted = names.indices.sorted {
      NaturalKey(names[$0]) == NaturalKey(names[$1])
        ? $0 < $1 : NaturalKey(names[$0]) < NaturalKey(names[$1])
    }
    #expect(NaturalOrder(names).sorted() == sorted)
    #expect(NaturalOrder([]).sorted() == [])
  }
}

@Suite("Runs of plain text in JSON")
struct JSONPlainTextTests {
  @Test("What has to be escaped is noticed in every place", arguments: 0..<20)
  func escapes(before count: Int) throws {
    for byte in UInt8(0)..<0x80 {
      for rest in [0, 1, 7, 8, 20] {
        let text =
          String(repeating: "\u{A0}x", count: count / 2) + String(repeating: "y", count: count % 2)
          + String(Unicode.Scalar(byte)) + String(repeating: "~", count: rest)
        var writer = JSONWriter()
        writer.string(text)
        let escaped = writer.bytes.dropFirst().dropLast()
        #expect(!escaped.contains { $0 < 0x20 })
        var reader = JSONReader([0x20, 0x0A] + writer.bytes + [0x20], name: "t")
        var bytes: [UInt8] = []
        try reader.string(appendingTo: &bytes)
        try reader.end()
        #expect(bytes == Array(text.utf8))
        if ![0x22, 0x5C].contains(byte) && byte >= 0x20 {
          #expect(Array(escaped) == Array(text.utf8))
        }
      }
    }
  }

  @Test("Control characters are refused in every place", arguments: 0..<20)
  func controls(at place: Int) {
    var bytes = [UInt8](repeating: 0x79, count: 20)
    bytes[place] = 0x1F
    #expect(
      message { () throws(FormatError) in
        var reader = JSONReader([0x22] + bytes + [0x22], name: "t")
        _ = try reader.string()
      } == "t:\(place + 1): a string holds a control character, which must be escaped")
  }

  @Test("Numbers have all their digits")
  func numbers() {
    for number: UInt32 in [0, 9, 10, 99, 100, 151_643, 999_999_999, 1_000_000_000, .max] {
      var writer = JSONWriter()
      writer.number(number)
      #expect(String(decoding: writer.bytes, as: UTF8.self) == String(number))
    }
  }
}
