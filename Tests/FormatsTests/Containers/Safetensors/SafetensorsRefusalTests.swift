import Testing

@testable import Formats

/// One bad file and the whole of what is said about it.
struct Refusal: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let message: String
  var testDescription: String { message }

  init(_ header: String, _ message: String) { self.init(header, 0, message) }

  init(_ header: String, _ dataByteCount: Int, _ message: String) {
    bytes = safetensors(header, dataByteCount: dataByteCount)
    self.message = message
  }

  init(bytes: [UInt8], _ message: String) {
    self.bytes = bytes
    self.message = message
  }
}

private func entry(_ fields: String) -> String { "{\"a\":{\(fields)}}" }
private func entry(_ dtype: String, _ shape: String, _ offsets: String) -> String {
  entry("\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)")
}
private func two(_ first: String, _ second: String) -> String {
  "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\(first)},"
    + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\(second)}}"
}
private let longName = String(repeating: "n", count: 65_537)
private let ones = "[" + Array(repeating: "1", count: 65).joined(separator: ",") + "]"

private let refusals: [Refusal] = [
  // §1
  Refusal(bytes: [1, 2, 3], "f:0: the length of the header needs 8 bytes, 3 are left"),
  Refusal("", "f:0: needed a header of at least 2 bytes, '{}', found one of 0"),
  Refusal(
    bytes: [1, 0xE1, 0xF5, 5, 0, 0, 0, 0],
    "f:8: the header needs 100000001 bytes, 0 are left"),
  Refusal(
    bytes: Array(repeating: 0xFF, count: 16),
    "f:8: the header needs 18446744073709551615 bytes, 8 are left"),
  Refusal(
    bytes: [3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), "f:8: the header needs 3 bytes, 2 are left"),
  // §2
  Refusal(" {}", "f:8: needed '{' as the header's first byte, found the byte 0x20"),
  Refusal("\u{FEFF}{}", "f:8: needed '{' as the header's first byte, found a byte order mark"),
  Refusal("{}\0", "f:10: needed nothing but spaces after the header's '}', found the byte 0x00"),
  Refusal("{} {", "f:11: needed nothing but spaces after the header's '}', found '{'"),
  Refusal("{ ", "f:10: needed an element or '}', found the end of the text"),
  Refusal("{\"a\":1}", "f:13: tensor 'a': needed an object as a tensor's entry, found '1'"),
  Refusal(
    "{\"__metadata__\":null}", "f:24: needed an object of strings as __metadata__, found 'n'"),
  Refusal(
    "{\"__metadata__\":{\"k\":1}}", "f:29: needed a string as a value of __metadata__, found '1'"),
  Refusal(
    "{\"__metadata__\":{\"k\":\"\",\"\\u006b\":\"\"}}", "f:32: __metadata__ names 'k' twice"),
  Refusal(
    "{\"__metadata__\":{},\"__metadata__\":{}}", "f:27: the header names '__metadata__' twice"),
  Refusal(
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"\\u0061\":{}}",
    "f:61: the header names 'a' twice"),
  Refusal(
    "{\"\(longName)\":{}}",
    "f:9: a tensor's name has 65537 bytes, the limit is 65536: --limit safetensors-name-length=N raises it"
  ),
  Refusal(
    entry("\"dtype\":\"U8\",\"x\":1"),
    "f:27: tensor 'a': needed dtype, shape or data_offsets, found 'x'"),
  Refusal(
    entry("\"dtype\":\"U8\",\"dtype\":\"U8\""), "f:27: tensor 'a': 'dtype' appears twice"),
  Refusal(entry("\"shape\":[],\"shape\":[]"), "f:25: tensor 'a': 'shape' appears twice"),
  Refusal(
    entry("\"data_offsets\":[0,0],\"data_offsets\":[0,0]"),
    "f:35: tensor 'a': 'data_offsets' appears twice"),
  Refusal(entry(""), "f:9: tensor 'a': the entry has no dtype"),
  Refusal(entry("\"dtype\":\"U8\""), "f:9: tensor 'a': the entry has no shape"),
  Refusal(
    entry("\"dtype\":\"U8\",\"shape\":[]"), "f:9: tensor 'a': the entry has no data_offsets"),
  Refusal(
    entry("8", "[]", "[0,1]"), "f:22: tensor 'a': needed a string as dtype, found '8'"),
  // §3
  Refusal(
    entry("\"u8\"", "[]", "[0,1]"), "f:22: tensor 'a': safetensors has no dtype 'u8'"),
  // §2 again: shape, data_offsets
  Refusal(
    entry("\"U8\"", "1", "[0,1]"), "f:35: tensor 'a': needed an array as shape, found '1'"),
  Refusal(
    entry("\"U8\"", "[true]", "[0,1]"),
    "f:36: tensor 'a': needed an integer in shape, found 't'"),
  Refusal(
    entry("\"U8\"", "[4.0]", "[0,4]"),
    "f:36: tensor 'a': needed an integer in shape of 64 bits, found 4.0"),
  Refusal(
    entry("\"U8\"", "[9223372036854775808]", "[0,4]"),
    "f:36: tensor 'a': needed an integer in shape of 64 bits, found 9223372036854775808"),
  Refusal(
    entry("\"U8\"", "[-2,-2]", "[0,4]"),
    "f:36: tensor 'a': an integer in shape is negative: -2"),
  Refusal(
    entry("\"U8\"", ones, "[0,1]"),
    "f:164: tensor 'a': the shape has at least 65 sizes, the limit is 64: --limit safetensors-rank=N raises it"
  ),
  Refusal(
    entry("\"U8\"", "[]", "{}"), "f:53: tensor 'a': needed an array as data_offsets, found '{'"),
  Refusal(
    entry("\"U8\"", "[]", "[0]"), "f:54: tensor 'a': data_offsets needs two numbers, found 1"),
  Refusal(
    entry("\"U8\"", "[]", "[0,1,2]"), "f:54: tensor 'a': data_offsets has more than two numbers"),
  Refusal(
    entry("\"U8\"", "[]", "[0,1e0]"),
    "f:56: tensor 'a': needed an integer in data_offsets of 64 bits, found 1e0"),
  Refusal(
    entry("\"U8\"", "[]", "[-1,0]"),
    "f:54: tensor 'a': an integer in data_offsets is negative: -1"),
  Refusal(
    entry("\"U8\"", "[]", "[1,0]"), "f:54: tensor 'a': data_offsets run backwards, from 1 to 0"),
  // §4
  Refusal(
    entry("\"U8\"", "[4294967296,4294967296]", "[0,0]"),
    "f: tensor 'a': the number of elements overflows 64 bits"),
  Refusal(
    entry("\"U8\"", "[4611686018427387904,2,0]", "[0,0]"),
    "f: tensor 'a': the number of elements overflows 64 bits"),
  Refusal(
    entry("\"F64\"", "[4611686018427387904]", "[0,0]"),
    "f: tensor 'a': the number of bytes overflows 64 bits"),
  Refusal(
    entry("\"F4\"", "[3]", "[0,2]"), 2,
    "f: tensor 'a': 3 elements of F4 fill no whole number of bytes: needed a multiple of 2"),
  Refusal(
    entry("\"F16\"", "[2, 3]", "[0,8]"), 8,
    "f: tensor 'a': F16 [2, 3] needs 12 bytes, data_offsets give 8"),
  Refusal(
    two("[1,5]", "[5,9]"), 9, "f: tensor 'a': 1 bytes of data before it belong to no tensor"),
  Refusal(
    two("[0,4]", "[6,10]"), 10, "f: tensor 'b': 2 bytes of data before it belong to no tensor"),
  Refusal(
    two("[3,7]", "[0,4]"), 7, "f: tensor 'a': its data begins at 3, before that of 'b' ends at 4"),
  Refusal(
    two("[0,4]", "[4,8]"), 7,
    "f:120: the header promises 8 bytes of data, the file holds 7: 1 are missing"),
  Refusal(two("[0,4]", "[4,8]"), 10, "f:121: 2 bytes follow the data that the header describes"),
  Refusal("{}", 1, "f:10: 1 bytes follow the data that the header describes"),
]

@Suite struct SafetensorsRefusalTests {
  @Test(arguments: refusals)
  func refuses(_ refusal: Refusal) {
    #expect(message { () throws(FormatError) in _ = try open(refusal.bytes) } == refusal.message)
  }

  @Test func aSourceThatDoesNotKnowItsLengthStillHasBounds() {
    let header = entry("\"U8\"", "[9223372036854775807]", "[0,9223372036854775807]")
    let source = EndlessSource(bytes: safetensors(header))
    #expect(
      message { () throws(FormatError) in _ = try SafetensorsFile(source) }
        == "endless: tensor 'a': the offset of the data's end overflows 64 bits")
  }
}
