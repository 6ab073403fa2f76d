@testable import Formats

/// Files that are legal, and not what one would expect.
struct OddFile: Sendable {
  let name: String
  let bytes: [UInt8]

  static let all = gguf + safetensors + compressed

  private static func odd(
    _ name: String, _ compose: (inout GGUFBuilder) -> Void
  ) -> [OddFile] {
    [false, true].map { isBigEndian in
      var builder = GGUFBuilder()
      builder.isBigEndian = isBigEndian
      compose(&builder)
      return OddFile(name: name + (isBigEndian ? ", big-endian" : ""), bytes: builder.bytes)
    }
  }

  private static let gguf = ggufHeaders + ggufValues + ggufTensors

  private static let ggufHeaders =
    odd("nothing") { _ in }
    + odd("version 2") { $0.version = 2 }
    + odd("nothing, not padded") { $0.isPadded = false }
    + odd("no tensors, and data") { $0.data = [1, 2, 3] }
    + odd("a key of the most bytes") { $0.add(String(repeating: "k", count: 65_535), uint32: 1) }
    + odd("a key in two spellings") {
      $0.add("caf\u{E9}", uint32: 1)
      $0.add("cafe\u{301}", uint32: 2)
    }
    + odd("a key of a line end") { $0.add("\n", uint32: 1) }
    + odd("a key of NUL") { $0.add("\0", uint32: 1) }
    + odd("a key that turns text around") { $0.add("\u{202E}key", uint32: 1) }
    + odd("many keys") { for index in 0..<1000 { $0.add("k\(index)", 0, [1]) } }
    + odd("an alignment of 1") {
      $0.alignment = 1
      $0.add("general.alignment", uint32: 1)
      $0.add(tensor: "t", [3], 24, bytes: 3)
    }
    + odd("the largest alignment") {
      $0.alignment = 65_536
      $0.add("general.alignment", uint32: 65_536)
      $0.add(tensor: "t", [1], 24, bytes: 1)
    }
    + odd("one of one file") { $0.add("split.count", 2, $0.encoded(UInt16(1))) }
    + odd("one of no files") { $0.add("split.count", 2, $0.encoded(UInt16(0))) }

  private static let ggufValues =
    odd("an empty string") { $0.add("a", 8, $0.encoded("")) }
    + odd("a string that is no text") { $0.add("a", 8, $0.encoded(bytes: [0xFF, 0xC0, 0])) }
    + odd("an empty array of each kind") {
      for kind in UInt32(0)...12 { $0.add("a\(kind)", 9, $0.array(kind, 0, [])) }
    }
    + odd("arrays four deep") {
      var value = $0.array(0, 1, [1])
      for _ in 0..<3 { value = $0.array(9, 1, value) }
      $0.add("a", 9, value)
    }
    + odd("arrays of arrays of nothing") {
      $0.add("a", 9, $0.array(9, 2, $0.array(8, 0, []) + $0.array(9, 0, [])))
    }
    + odd("not a number") { $0.add("a", 6, $0.encoded(Float.nan.bitPattern)) }
    + odd("a signalling one") { $0.add("a", 12, $0.encoded(0x7FF0_0000_0000_0001 as UInt64)) }
    + odd("the smallest and largest integers") {
      $0.add("a", 11, $0.encoded(Int64.min))
      $0.add("b", 10, $0.encoded(UInt64.max))
    }
    + odd("a template that asks for much") {
      $0.add(
        "tokenizer.chat_template", 8, $0.encoded("{{ ''.__class__.__mro__[1].__subclasses__() }}"))
    }
    + odd("tokens of nothing") { $0.add("tokenizer.ggml.tokens", 9, $0.array(8, 0, [])) }

  private static let ggufTensors =
    odd("a name of 64 bytes") {
      $0.add(tensor: String(repeating: "n", count: 64), [1], 24, bytes: 1)
    }
    + odd("an empty name") { $0.add(tensor: "", [1], 24, bytes: 1) }
    + odd("no dimensions") { $0.add(tensor: "t", [], 0, bytes: 4) }
    + odd("an empty tensor") { $0.add(tensor: "t", [32, 0], 0, bytes: 0) }
    + odd("an empty tensor of a large size") { $0.add(tensor: "t", [Int64.max, 0], 24, bytes: 0) }
    + odd("empty tensors only, without padding") {
      $0.add(tensor: "t", [0], 0, bytes: 0)
      $0.isPadded = false
    }
    + odd("data in another order") {
      $0.add(tensor: "one", [8], 0, bytes: 32)
      $0.add(tensor: "two", [8], 0, bytes: 32)
      ($0.infos[0].offset, $0.infos[1].offset) = (32, 0)
    }
    + odd("a hole") {
      $0.add(tensor: "one", [8], 0, bytes: 32)
      $0.data += [UInt8](repeating: 9, count: 64)
      $0.add(tensor: "two", [8], 0, bytes: 32)
    }
    + odd("no padding behind the last tensor") {
      $0.add(tensor: "t", [3], 24, bytes: 3)
      $0.data.removeLast(29)
    }
    + odd("an unknown type") { $0.add(tensor: "t", [7, 3], 99, bytes: 40) }
    + odd("a removed type") { $0.add(tensor: "t", [32], 4, bytes: 32) }
    + odd("a type of two meanings") { $0.add(tensor: "t", [128], 42, bytes: 36) }
    + odd("two empty tensors at one place") {
      $0.add(tensor: "one", [0], 0, bytes: 0)
      $0.add(tensor: "two", [0], 0, bytes: 0)
    }

  private static func entry(_ name: String, _ type: String, _ shape: String, _ range: String)
    -> String
  {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(range)}"#
  }

  private static let safetensors: [OddFile] = [
    ("nothing", "{}", 0),
    ("spaces behind", "{}     ", 0),
    ("a length that is no multiple of eight", "{} ", 0),
    (
      "spaces within",
      "{ \n\t\"a\" : { \"dtype\" : \"U8\" , \"shape\" : [ ] , \"data_offsets\" : [ 0 , 1 ] } }", 1
    ),
    ("members in another order", #"{"a":{"data_offsets":[0,1],"shape":[1],"dtype":"U8"}}"#, 1),
    ("metadata last", "{" + entry("a", "U8", "[1]", "[0,1]") + #","__metadata__":{}}"#, 1),
    (
      "metadata of odd texts", #"{"__metadata__":{"":"","\u0000":"\ud83d\ude00","a\nb":"\u202e"}}"#,
      0
    ),
    ("a scalar", "{" + entry("a", "F64", "[]", "[0,8]") + "}", 8),
    ("no elements", "{" + entry("a", "F32", "[0]", "[0,0]") + "}", 0),
    (
      "no elements of a large size",
      "{" + entry("a", "F32", "[9223372036854775807,0]", "[0,0]") + "}", 0
    ),
    (
      "two empty ones at one place",
      "{" + entry("a", "U8", "[0]", "[0,0]") + "," + entry("b", "U8", "[0]", "[0,0]") + "}", 0
    ),
    (
      "an empty one between",
      "{" + entry("a", "U8", "[1]", "[0,1]") + "," + entry("b", "U8", "[0]", "[1,1]") + ","
        + entry("c", "U8", "[1]", "[1,2]") + "}", 2
    ),
    (
      "data in another order",
      "{" + entry("a", "U8", "[4]", "[4,8]") + "," + entry("b", "U8", "[4]", "[0,4]") + "}", 8
    ),
    ("an empty name", "{" + entry("", "U8", "[1]", "[0,1]") + "}", 1),
    ("an escaped name", #"{"\u0061\/":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1),
    ("a name of NUL", "{" + entry("\\u0000", "U8", "[1]", "[0,1]") + "}", 1),
    (
      "a name in two spellings",
      "{" + entry("caf\u{E9}", "U8", "[1]", "[0,1]") + ","
        + entry("cafe\u{301}", "U8", "[1]", "[1,2]") + "}", 2
    ),
    (
      "a long name", "{" + entry(String(repeating: "n", count: 65_536), "U8", "[1]", "[0,1]") + "}",
      1
    ),
    (
      "64 sizes",
      "{" + entry("a", "U8", "[" + String(repeating: "1,", count: 63) + "1]", "[0,1]") + "}", 1
    ),
    ("elements that are no bytes", "{" + entry("a", "F4", "[2]", "[0,1]") + "}", 1),
    (
      "data at an odd byte",
      "{" + entry("a", "U8", "[1]", "[0,1]") + "," + entry("b", "F64", "[1]", "[1,9]") + "}", 9
    ),
    ("a lone part of a triple", "{" + entry("m.qweight", "I32", "[1]", "[0,4]") + "}", 4),
    ("words without scales", "{" + entry("m.weight", "U32", "[1,4]", "[0,16]") + "}", 16),
    ("an end that is a tensor's name", "{" + entry("}", "U8", "[1]", "[0,1]") + "}", 1),
    ("a tensor called dtype", "{" + entry("dtype", "U8", "[1]", "[0,1]") + "}", 1),
  ].map { name, header, count in
    OddFile(name: name, bytes: FormatsTests.safetensors(header, dataByteCount: count))
  }

  /// A small model in files of zstd that are put together in odd ways.
  private static let compressed: [OddFile] = {
    var builder = GGUFBuilder()
    builder.add(tensor: "t", [8], 0, bytes: 32)
    let bytes = builder.bytes
    let halves = (Packed.plain(Array(bytes.prefix(40))), Packed.silent(Array(bytes.dropFirst(40))))
    return [
      ("a frame without its size", Packed.silent(bytes)),
      ("a skippable frame in front", Packed.skippable([1, 2, 3]) + Packed.plain(bytes)),
      ("a skippable frame behind", Packed.plain(bytes) + Packed.skippable([])),
      ("empty frames", Packed.plain([]) + Packed.plain(bytes) + Packed.silent([])),
      ("two frames", halves.0 + halves.1),
      (
        "two frames and a table",
        Packed.seekable([halves.0, halves.1], contents: [40, bytes.count - 40])
      ),
      (
        "empty frames in a table",
        Packed.seekable(
          [Packed.plain([]), Packed.plain(bytes), Packed.plain([])], contents: [0, bytes.count, 0])
      ),
    ].map { OddFile(name: $0.0, bytes: $0.1) }
  }()
}
