@testable import Formats

// JSON, as a header, an index, a configuration and a tokenizer are read.
extension HostileCorpus {
  /// The same text as a document, within an array, and as a member's value.
  private static func bad(
    _ code: FormatError.Code, _ said: String, _ text: String
  ) -> [HostileCase] {
    bad(code, said, bytes: Array(text.utf8))
  }

  private static func bad(
    _ code: FormatError.Code, _ said: String, bytes: [UInt8]
  ) -> [HostileCase] {
    [
      ("alone", bytes), ("in an array", Array("[0, ".utf8) + bytes),
      ("as a member", Array("{\"a\": ".utf8) + bytes),
    ].map { host, text in
      HostileCase("JSON \(host)", code, said) { _ in _ = try JSONValue(parsing: text, name: "j") }
    }
  }

  static let json =
    bad(.malformed, "needed a value, found the end of the text", "")
    + bad(.malformed, "needed a value, found '+'", "+1")
    + bad(.malformed, "a number begins with a needless zero", "012")
    + bad(.malformed, "needed a digit, found", "-")
    + bad(.malformed, "needed true, found", "tru")
    + bad(.malformed, "needed ',' or", "[1 2]")
    + bad(.malformed, "needed an element after ','", "[1,]")
    + bad(.malformed, "needed an element or ']'", "[")
    + bad(.malformed, "needed ':', found", #"{"a" 1}"#)
    + bad(.malformed, "needed a member's name, found", "{1:2}")
    + bad(.malformed, "the name 'b' appears twice in an object", #"{"b":1,"\u0062":2}"#)
    + bad(.malformed, "a string holds a control character", "\"a\u{1}\"")
    + bad(.malformed, "a string is not closed before the text ends", "\"abc")
    + bad(.malformed, "a string is not closed before the text ends", "\"abc\\")
    + bad(.malformed, "a string holds an escape that JSON does not have", #""\x41""#)
    + bad(.malformed, "a string holds half of a surrogate pair", #""\ud800 ""#)
    + bad(.malformed, "needed four hexadecimal digits after \\u", #""\u12g4""#)
    + bad(.malformed, "a string is not UTF-8", bytes: [0x22, 0xC0, 0x80, 0x22])
    + bad(.malformed, "a string is not UTF-8", bytes: [0x22, 0xED, 0xA0, 0x80, 0x22])
    + bad(
      .limit, "the limit is 64: --limit json-depth=N raises it", String(repeating: "[", count: 65))
    + ["{} {}", "[] ,", "1 2"].map { text in
      HostileCase("JSON and more", .malformed, "needed the end of the text") { _ in
        _ = try JSONValue(parsing: Array(text.utf8), name: "j")
      }
    }

  /// An index beside the three layouts' files, opened as a directory.
  private static func badIndex(
    _ code: FormatError.Code, _ said: String, _ text: String
  ) -> [HostileCase] {
    ["micro/fp16", "micro/awq", "micro-tied-edge/mlx"].map { fixture in
      HostileCase("index of \(fixture)", code, said) { folder in
        let path = try folder.copy(
          fixture, as: "model", leavingOut: ["model.safetensors.index.json"])
        try folder.write("model/model.safetensors.index.json", Array(text.utf8))
        _ = try Model(opening: path)
      }
    }
  }

  private static func map(_ name: String) -> String {
    #"{"weight_map":{"model.norm.weight":"\#(name)"}}"#
  }

  static let indexes =
    badIndex(.malformed, "needed an object as the index", "[]")
    + badIndex(.malformed, "the index has no weight_map", "{}")
    + badIndex(.malformed, "the index names 'metadata' twice", #"{"metadata":{},"metadata":{}}"#)
    + badIndex(
      .malformed, "weight_map names 'a' twice",
      #"{"weight_map":{"a":"m.safetensors","a":"m.safetensors"}}"#)
    + badIndex(
      .malformed, "needed a file name as a value of weight_map", #"{"weight_map":{"a":1}}"#)
    + badIndex(
      .malformed, "the index says that the tensor is in",
      #"{"weight_map":{"b":"model.safetensors"}}"#)
    + badIndex(.malformed, "the index does not name it", map("model.safetensors"))
    + [
      "../model.safetensors", "/etc/model.safetensors", "a/model.safetensors", ".safetensors",
      "model.safetensors\0", "modèle.safetensors", "model.bin", "",
      String(repeating: "a", count: 250) + ".safetensors",
    ].flatMap { name in
      badIndex(
        .malformed, "needed a plain file name that ends in .safetensors",
        map(name.replacing("\0", with: "\\u0000")))
    }
    + (1...3).map { number in
      HostileCase("a missing shard", .notFound, "names the shard m\(number).safetensors, which") {
        _ in
        let text = map("m\(number).safetensors")
        let index = try SafetensorsIndex(parsing: Array(text.utf8), name: "i")
        _ = try SafetensorsSet(index: index, shards: [])
      }
    }
    + (1...3).map { number in
      HostileCase("an index of 10,001 files", .limit, "--limit files=N raises it") { _ in
        let members = (0...10_000).map { "\"t\($0)\":\"\(number)-\($0).safetensors\"" }
        _ = try SafetensorsIndex(
          parsing: Array("{\"weight_map\":{\(members.joined(separator: ","))}}".utf8), name: "i")
      }
    }
    + (1...3).map { number in
      HostileCase("an endless index", .limit, "--limit index=N raises it") { _ in
        _ = try SafetensorsIndex(EndlessSource(bytes: [UInt8](repeating: 32, count: number)))
      }
    }
    + ["fp16", "awq", "mlx"].map { layout in
      HostileCase("a tensor in two shards", .malformed, "and again in") { folder in
        let bytes = try Fixture.bytes("micro/\(layout)/model.safetensors")
        try folder.makeFolder("model")
        for name in ["a", "b"] { try folder.write("model/\(name).safetensors", bytes) }
        let names = try SafetensorsFile(MemorySource(bytes)).tensors.map(\.name)
        let map = names.enumerated().map { "\"\($1)\":\"\($0 == 0 ? "a" : "b").safetensors\"" }
        let text = "{\"weight_map\":{\(map.joined(separator: ","))}}"
        try folder.write("model/model.safetensors.index.json", Array(text.utf8))
        _ = try Model(opening: folder("model"))
      }
    }
}
