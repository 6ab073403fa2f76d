@testable import Formats

// safetensors headers: each fault alone, padded with spaces, and behind metadata and other tensors.
extension HostileCorpus {
  /// - Parameters:
  ///   - entries: Members of the header, without its braces.
  ///   - dataByteCount: Bytes that follow the header.
  private static func bad(
    _ code: FormatError.Code, _ said: String, _ entries: String, data dataByteCount: Int = 0
  ) -> [HostileCase] {
    [
      ("alone", entries), ("padded", entries + " "),
      ("behind metadata", #""__metadata__":{"format":"pt"},"# + entries),
      ("behind a tensor", #""z":{"dtype":"I8","shape":[0],"data_offsets":[0,0]},"# + entries),
    ].map { host, members in
      HostileCase(
        "safetensors \(host)", code, said,
        file: safetensors("{\(members)}", dataByteCount: dataByteCount))
    }
  }

  private static func tensor(
    _ name: String, _ dtype: String, _ shape: String, _ offsets: String
  ) -> String {
    #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let safetensorsFiles =
    safetensorsBeginnings + safetensorsEntries + safetensorsFields + safetensorsLimits
    + safetensorsData + safetensorsText

  private static let safetensorsBeginnings: [HostileCase] =
    [
      HostileCase("nothing", .malformed, "it has only 0 bytes", file: []),
      HostileCase("three bytes", .malformed, "it has only 3 bytes", file: [1, 2, 3]),
      HostileCase("seven bytes", .malformed, "it has only 7 bytes", file: [0, 0, 0, 0, 0, 0, 0]),
      HostileCase("text", .malformed, "the file is neither GGUF", file: Array("a text, long".utf8)),
      HostileCase(
        "another archive", .malformed, "the file is neither GGUF",
        file: [0x50, 0x4B, 3, 4, 20, 0, 8, 8, 0, 0, 0, 0]),
    ]
    + [1, 120, 4_400_000_000].map { count in
      HostileCase(
        "a pointer to \(count) bytes", .malformed, "the file is a pointer of Git LFS",
        file: Array(
          ("version https://git-lfs.github.com/spec/v1\noid sha256:"
            + String(repeating: "4d7a", count: 16) + "\nsize \(count)\n").utf8))
    }
    + [0, 1].flatMap { count -> [HostileCase] in
      (0..<2).map { rest in
        HostileCase(
          "a header of \(count)", .malformed, "needed a header of at least 2 bytes",
          file: [UInt8(count), 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 123, count: rest))
      }
    }
    + [3, 100, 1 << 20, 100_000_001, 1 << 40, Int.max].map { count in
      HostileCase(
        "a header cut off", .truncated, "the header needs \(count) bytes, 2 are left",
        file: length(count) + Array("{}".utf8))
    }
    + [0, 8, 64].map { limit in
      HostileCase(
        "a header beyond \(limit)", .limit,
        "the header has 100 bytes, the limit is \(limit): --limit safetensors-header=N"
      ) { folder in
        var limits = Limits()
        limits[.safetensorsHeader] = limit
        let bytes = length(100) + [UInt8](repeating: 0x20, count: 100)
        _ = try SafetensorsFile(FileSource(path: folder.write("input", bytes)), limits: limits)
      }
    }
    + ["", " ", "  "].map { spaces in
      HostileCase(
        "a header that begins otherwise", .malformed, "needed '{' as the header's first byte",
        file: safetensors("\t\(spaces){}"))
    }

  private static let safetensorsEntries =
    bad(.malformed, "names 'a' twice", tensor("a", "U8", "[0]", "[0,0]") + #","\u0061":{}"#)
    + bad(.malformed, "needed an object as a tensor's entry", #""a":1"#)
    + bad(.malformed, "needed dtype, shape or data_offsets, found 'x'", #""a":{"x":1}"#)
    + bad(.malformed, "'shape' appears twice", #""a":{"shape":[],"shape":[]}"#)
    + bad(.malformed, "the entry has no dtype", #""a":{}"#)
    + bad(.malformed, "the entry has no shape", #""a":{"dtype":"U8"}"#)
    + bad(.malformed, "the entry has no data_offsets", #""a":{"dtype":"U8","shape":[]}"#)
    + [#"{"k":1}"#, #"{"k":null}"#, #"{"k":["v"]}"#].map { metadata in
      HostileCase(
        "safetensors metadata \(metadata)", .malformed,
        "needed a string as a value of __metadata__",
        file: safetensors(#"{"__metadata__":\#(metadata)}"#))
    }
    + [#""k":"","k":"""#, #""k":"","\u006b":"""#, #""a":"","b":"","a":"""#].map { members in
      HostileCase(
        "safetensors metadata twice", .malformed, "__metadata__ names '",
        file: safetensors(#"{"__metadata__":{\#(members)}}"#))
    }

  private static let safetensorsFields =
    bad(.malformed, "safetensors has no dtype 'u8'", tensor("a", "u8", "[1]", "[0,1]"), data: 1)
    + bad(.malformed, "needed an array as shape", tensor("a", "U8", "1", "[0,1]"))
    + bad(.malformed, "in shape of 64 bits, found 4.0", tensor("a", "U8", "[4.0]", "[0,4]"))
    + bad(.malformed, "in shape is negative: -2", tensor("a", "U8", "[-2,-2]", "[0,4]"))
    + bad(.malformed, "data_offsets needs two numbers, found 1", tensor("a", "U8", "[]", "[0]"))
    + bad(.malformed, "more than two numbers", tensor("a", "U8", "[]", "[0,1,2]"))
    + bad(.malformed, "data_offsets run backwards", tensor("a", "U8", "[]", "[1,0]"))

  private static let safetensorsLimits =
    bad(
      .limit, "at least 65 sizes, the limit is 64: --limit safetensors-rank=N raises it",
      tensor("a", "U8", "[" + String(repeating: "1,", count: 64) + "1]", "[0,1]"), data: 1)
    + bad(
      .limit, "has 65537 bytes, the limit is 65536: --limit safetensors-name-length=N raises it",
      tensor(String(repeating: "n", count: 65_537), "U8", "[1]", "[0,1]"), data: 1)

  private static let safetensorsData =
    bad(
      .malformed, "the number of elements overflows",
      tensor("a", "U8", "[4294967296,4294967296]", "[0,0]"))
    + bad(.malformed, "fill no whole number of bytes", tensor("a", "F4", "[3]", "[0,2]"), data: 2)
    + bad(.malformed, "F16 [2, 3] needs 12 bytes", tensor("a", "F16", "[2, 3]", "[0,8]"), data: 8)
    + bad(.malformed, "belong to no tensor", tensor("a", "U8", "[4]", "[1,5]"), data: 5)
    + bad(
      .malformed, "its data begins at 3, before that of 'b' ends at 4",
      tensor("a", "U8", "[4]", "[3,7]") + "," + tensor("b", "U8", "[4]", "[0,4]"), data: 7)
    + bad(.truncated, "the file holds 7: 1 are missing", tensor("a", "U8", "[8]", "[0,8]"), data: 7)
    + bad(.malformed, "2 bytes follow the data", tensor("a", "U8", "[8]", "[0,8]"), data: 10)

  private static let safetensorsText =
    ["x", "\0", "}"].map { rest in
      HostileCase(
        "safetensors behind the brace", .malformed,
        "needed nothing but spaces after the header's '}'",
        file: safetensors("{}\(rest)"))
    }

  private static func length(_ count: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt64(count))
    return writer.bytes
  }
}
