import Testing

@testable import Formats

private func parse(_ bytes: [UInt8]) throws(FormatError) -> JSONValue {
  try JSONValue(parsing: bytes, name: "j")
}

private func refusal(_ bytes: [UInt8]) -> String? {
  message { () throws(FormatError) in _ = try parse(bytes) }
}

@Suite struct JSONReaderTests {
  @Test func readsEveryKindOfValueInOrder() throws {
    let text = """
       {"b" : [ 1 , -0, 1.50, 1e400, true,false,null,[],{}],\t"a":{"":"x"},
      "n":[0,-9223372036854775808,9223372036854775807,9223372036854775808]}\r

      """
    let expected: JSONValue = [
      "b": [1, .number("-0"), .number("1.50"), .number("1e400"), true, false, nil, [], [:]],
      "a": ["": "x"],
      "n": [0, .integer(.min), .integer(.max), .number("9223372036854775808")],
    ]
    #expect(try parse(Array(text.utf8)) == expected)
  }

  @Test func decodesEscapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\uDE00 é€😀\u0000""#
    let expected = "\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{20ac}\u{1F600} \u{e9}\u{20ac}\u{1F600}\u{0}"
    #expect(try parse(Array(text.utf8)) == .string(expected))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let value: JSONValue = [
      "a": ["\u{0}\u{1f}\"\\/\u{7f}\u{2028}\u{10FFFF}", 1, .number("2.5e-3"), []], "b": [:],
    ]
    #expect(try parse(value.serialized()) == value)
    #expect(try parse(value.serialized(indent: 4)) == value)
  }

  @Test(arguments: [
    ("", "j:0: needed a value, found the end of the text"),
    ("\u{FEFF}1", "j:0: needed a value, found a byte order mark"),
    ("1\0", "j:1: needed the end of the text, found the byte 0x00"),
    ("1 2", "j:2: needed the end of the text, found '2'"),
    ("[1,]", "j:3: needed an element after ',', found ']'"),
    ("{\"a\":1,}", "j:7: needed an element after ',', found '}'"),
    ("[,1]", "j:1: needed a value, found ','"),
    ("[1 2]", "j:3: needed ',' or ']', found '2'"),
    ("[1}", "j:2: needed ',' or ']', found '}'"),
    ("[", "j:1: needed an element or ']', found the end of the text"),
    ("[1", "j:2: needed ',' or ']', found the end of the text"),
    ("[1,", "j:3: needed a value, found the end of the text"),
    ("{1:2}", "j:1: needed a member's name, found '1'"),
    ("{\"a\" 1}", "j:5: needed ':', found '1'"),
    ("{\"a\":}", "j:5: needed a value, found '}'"),
    ("{'a':1}", "j:1: needed a member's name, found '''"),
    ("// c\n1", "j:0: needed a value, found '/'"),
    ("nul", "j:0: needed null, found 'nul'"),
    ("tru", "j:0: needed true, found 'tru'"),
    ("falsy", "j:0: needed false, found 'falsy'"),
    ("NaN", "j:0: needed a value, found 'N'"),
    ("-Infinity", "j:1: needed a digit, found 'I'"),
    ("+1", "j:0: needed a value, found '+'"),
    ("-", "j:1: needed a digit, found the end of the text"),
    ("01", "j:0: a number begins with a needless zero"),
    ("-00", "j:0: a number begins with a needless zero"),
    ("1.", "j:2: needed a digit, found the end of the text"),
    (".5", "j:0: needed a value, found '.'"),
    ("1e", "j:2: needed a digit, found the end of the text"),
    ("1e+", "j:3: needed a digit, found the end of the text"),
    ("0x1", "j:1: needed the end of the text, found 'x'"),
    ("\u{A0}1", "j:0: needed a value, found the byte 0xc2"),
    ("\"a", "j:0: a string is not closed before the text ends"),
    ("\"a\\", "j:0: a string is not closed before the text ends"),
    ("\"a\n\"", "j:2: a string holds a control character, which must be escaped"),
    ("\"\\x\"", "j:1: a string holds an escape that JSON does not have"),
    ("\"\\u12g4\"", "j:5: needed four hexadecimal digits after \\u, found 'g'"),
    ("\"\\u12", "j:5: needed four hexadecimal digits after \\u, found the end of the text"),
    ("\"\\ud800\"", "j:1: a string holds half of a surrogate pair"),
    ("\"\\ud800\\n\"", "j:1: a string holds half of a surrogate pair"),
    ("\"\\ud800\\u0041\"", "j:1: a string holds half of a surrogate pair"),
    ("\"\\ud800\\ud800\"", "j:1: a string holds half of a surrogate pair"),
    ("\"\\udc00\\ud800\"", "j:1: a string holds half of a surrogate pair"),
    ("{\"a\":1,\"\\u0061\":2}", "j:7: the name 'a' appears twice in an object"),
  ])
  func refuses(_ text: String, _ expected: String) {
    #expect(refusal(Array(text.utf8)) == expected)
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xE2, 0x82], [0xE2, 0x82, 0x28], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF0, 0x9F, 0x98], [0xF5, 0x80, 0x80, 0x80], [0xFF],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(_ sequence: [UInt8]) {
    let quote: [UInt8] = [0x22]
    #expect(refusal(quote + sequence + quote) == "j:1: a string is not UTF-8")
    #expect(refusal(quote + sequence) == "j:1: a string is not UTF-8")
  }

  @Test func takesEveryScalar() throws {
    for value in UInt32(0x20)...0x10FFFF where value != 0x22 && value != 0x5C {
      guard value % 251 == 0 || value & 0xFF < 2, let scalar = Unicode.Scalar(value) else {
        continue
      }
      let text = String(String.UnicodeScalarView([scalar]))
      #expect(try parse(Array("\"\(text)\"".utf8)) == .string(text))
    }
  }

  @Test func namesAreComparedByBytes() throws {
    let value = try parse(Array("{\"\u{e9}\":1,\"e\u{301}\":2}".utf8))
    #expect(value["\u{e9}"] == 1 && value["e\u{301}"] == 2)
  }

  @Test func nestingIsLimited() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try parse(nested(64))
    #expect(
      refusal(nested(65))
        == "j:64: JSON is nested 65 deep, the limit is 64: --limit json-depth=N raises it")
    let wide = Array("[".utf8) + Array("[[]],".utf8) + Array("[[]]]".utf8)
    _ = try parse(wide)
    #expect(
      message { () throws(FormatError) in
        var reader = JSONReader(nested(100_000), name: "j")
        try reader.skipValue()
      } == "j:64: JSON is nested 65 deep, the limit is 64: --limit json-depth=N raises it")
  }

  @Test func integersAreExact() throws {
    #expect(try JSONReaderTests.integer("-9223372036854775808") == .min)
    #expect(try JSONReaderTests.integer(" 9007199254740993 ") == 9_007_199_254_740_993)
    for text in ["4.0", "4e0", "-0", "9223372036854775808", "-9223372036854775809"] {
      #expect(
        message { () throws(FormatError) in _ = try JSONReaderTests.integer(text) }
          == "j:0: needed an integer of 64 bits, found \(text)")
    }
    #expect(
      message { () throws(FormatError) in _ = try JSONReaderTests.integer("true") }
        == "j:0: needed an integer, found 't'")
  }

  @Test func offsetsCountFromTheBase() {
    #expect(
      message { () throws(FormatError) in
        var reader = JSONReader(Array("  x".utf8), name: "j", baseOffset: 8)
        _ = try reader.bool()
      } == "j:10: needed true or false, found 'x'")
  }

  private static func integer(_ text: String) throws(FormatError) -> Int {
    var reader = JSONReader(Array(text.utf8), name: "j")
    let value = try reader.integer()
    try reader.end()
    return value
  }
}
