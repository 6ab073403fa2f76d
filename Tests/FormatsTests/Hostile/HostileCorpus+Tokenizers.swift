@testable import Formats

// tokenizer.json and its companions: each fault in three models that become a GGUF.
extension HostileCorpus {
  private static let fixtures = ["micro/fp16", "micro/awq", "micro-tied-edge/fp16"]

  /// Directories in which a file has another text.
  private static func bad(
    _ code: FormatError.Code, _ said: String, _ file: String, _ text: String
  ) -> [HostileCase] {
    fixtures.map { fixture in
      HostileCase("\(file) of \(fixture)", code, said) { folder in
        let path = try folder.copy(fixture, as: "model", leavingOut: [file])
        try folder.write("model/\(file)", Array(text.utf8))
        _ = try Conversion(of: Model(opening: path), to: .gguf)
      }
    }
  }

  private static func document(
    _ code: FormatError.Code, _ said: String, _ text: String
  ) -> [HostileCase] {
    bad(code, said, "tokenizer.json", text)
  }

  private static func vocab(_ vocab: String, _ merges: String = #"["a b"]"#) -> String {
    #"{"model":{"vocab":{\#(vocab)},"merges":\#(merges)}}"#
  }

  static let tokenizers = documents + values + companions

  private static let documents =
    document(
      .unsupported, "must be a byte-level BPE with merges, is 'Unigram'",
      #"{"model":{"type":"Unigram"}}"#)
    + document(
      .unsupported, "is one with byte_fallback",
      #"{"model":{"byte_fallback":true,"vocab":{},"merges":["a b"]}}"#)
    + document(.malformed, "a token has the id 512, the model has", vocab(#""a":512"#))
    + document(.malformed, "two tokens have the id 1", vocab(#""a":1,"b":1"#))
    + document(.malformed, "the token 'a' is there twice", vocab(#""a":1,"\u0061":2"#))
    + document(
      .malformed, "a merge must be two tokens with one space between", vocab(#""a":1"#, #"["ab"]"#)
    )
    + [#"["a b c"]"#, #"[" "]"#, #"["  "]"#, #"["a  b"]"#, #"["a "]"#, #"[["","b"]]"#].flatMap {
      document(
        .malformed, "a merge must be two tokens with one space between", vocab(#""a":1,"b":2"#, $0))
    }
    + [(#"["z a"]"#, "z"), (#"["a z"]"#, "z"), (#"["a b"]"#, "ab"), (#"[["b","a"]]"#, "ba")].flatMap
  {
    document(.malformed, "needs the token '\($0.1)'", vocab(#""a":1,"b":2"#, $0.0))
  }
    + [#""x""#, "[1]", "5", "null", "true"].flatMap {
      document(
        .malformed, "needed an object of tokens as 'vocab', found",
        #"{"model":{"vocab":\#($0),"merges":["a b"]}}"#)
    }
    + document(.malformed, "needed tokens in 'vocab', found none", vocab(""))
    + document(.malformed, "'model.vocab' is needed and missing", #"{"model":{"merges":["a b"]}}"#)
    + document(.malformed, "needed two parts of a merge", vocab(#""a":1"#, #"[["a"]]"#))
    + document(.malformed, "needed no more than two parts", vocab(#""a":1"#, #"[["a","b","c"]]"#))
    + document(.malformed, "the name 'model' appears twice", #"{"model":{},"model":{}}"#)
    + document(.malformed, "the name 'vocab' appears twice", #"{"model":{"vocab":{},"vocab":{}}}"#)
    + document(.malformed, "needed true, found", #"{"model":{"byte_fallback":tru}}"#)
    + document(
      .malformed, "an added token needs an integer 'id'", #"{"added_tokens":[{"id":1.5}]}"#)
    + document(
      .malformed, "the token 'a' has the id 2 and another one",
      #"{"added_tokens":[{"id":2,"content":"a"}],"model":{"vocab":{"a":1},"merges":["a b"]}}"#)
    + document(
      .malformed, "have the same id, 1",
      #"{"added_tokens":[{"id":1,"content":"x"}],"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#
    )
    + document(.unsupported, "'pre_tokenizer' splits text in a way", vocab(#""a":1,"b":2,"ab":3"#))
    + document(
      .unsupported, "'normalizer' must be null or NFC",
      #"{"normalizer":{"type":"Lowercase"},"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#
    )
    + (1...3).map { spaces in
      HostileCase("a large tokenizer", .limit, "--limit tokenizer=N raises it") { folder in
        let path = try folder.copy("micro/fp16", as: "m", leavingOut: ["tokenizer.json"])
        try folder.write("m/tokenizer.json", [UInt8](repeating: 32, count: 64 << 20 + spaces))
        _ = try Conversion(of: Model(opening: path), to: .gguf)
      }
    }
    + (1...3).flatMap { limit -> [HostileCase] in
      var limits = Limits()
      limits[.merges] = limit
      limits[.addedTokens] = limit
      let merges = Array(repeating: #""a b""#, count: limit + 1).joined(separator: ",")
      let added = (0...limit).map { #"{"id":\#($0),"content":"\#($0)"}"# }.joined(separator: ",")
      return [
        (vocab("", "[\(merges)]"), "--limit merges=N"),
        (#"{"added_tokens":[\#(added)]}"#, "--limit added-tokens=N"),
      ].map { [limits] text, said in
        HostileCase("a tokenizer beyond limits", .limit, said) { _ in
          _ = try TokenizerDocument(
            Array(text.utf8), vocabularySize: 512, file: "t", limits: limits)
        }
      }
    }

  private static let values: [HostileCase] = {
    var limits = Limits()
    limits[.config] = 30
    let long = Array(repeating: "0", count: 40).joined(separator: ",")
    return [
      #"{"pre_tokenizer":[\#(long)]}"#, #"{"post_processor":{"a":[\#(long)],"b":1}}"#,
      #"{"added_tokens":[{"id":0,"content":"a","x":[\#(long)]}]}"#,
    ].map { [limits] text in
      HostileCase("a value that is too long", .limit, "a value goes on beyond 30 bytes") { _ in
        _ = try TokenizerDocument(
          Array(text.utf8), vocabularySize: 512, file: "t", limits: limits)
      }
    }
  }()

  private static func settings(
    _ code: FormatError.Code, _ said: String, _ text: String
  ) -> [HostileCase] {
    bad(code, said, "tokenizer_config.json", text)
  }

  private static let companions =
    settings(.malformed, "'chat_template' must be a string or a list", #"{"chat_template":1}"#)
    + settings(.malformed, "must have a 'name' and a 'template'", #"{"chat_template":[{}]}"#)
    + [("a-b", "a_b"), ("a b", "a-b"), ("é", "ü")].flatMap { one, other in
      settings(
        .malformed, "two chat templates would have the key",
        #"{"chat_template":[{"name":"\#(one)","template":"1"},"#
          + #"{"name":"\#(other)","template":"2"}]}"#)
    }
    + settings(.malformed, "needs ids below", #"{"added_tokens_decoder":{"x":{"content":"a"}}}"#)
    + settings(.malformed, "needed an object", "[]")
    + bad(.malformed, "must fit 32 bits, is", "generation_config.json", #"{"top_k":4294967296}"#)
    + [1, 2, 3].map { count in
      HostileCase("added tokens in the settings", .limit, "--limit added-tokens=N raises it") {
        let path = try $0.copy("micro/fp16", as: "m", leavingOut: ["tokenizer_config.json"])
        let tokens = (0...count).map { #""\#(500 + $0)":{"content":"<x\#($0)>"}"# }
        let text = #"{"added_tokens_decoder":{\#(tokens.joined(separator: ","))}}"#
        try $0.write("m/tokenizer_config.json", Array(text.utf8))
        var limits = Limits()
        // What tokenizer.json has, and one less than the settings add.
        limits[.addedTokens] = 26 + count
        _ = try Conversion(of: Model(opening: path, limits: limits), to: .gguf)
      }
    }
    + ["sep", "cls", "mask"].map { role in
      HostileCase("a role beyond the vocabulary", .malformed, "must be below the vocabulary's") {
        var directory = try EditedDirectory("micro/fp16")
        directory.set("\(role)_token_id", .integer(512))
        _ = try Conversion(of: Model(opening: directory.write(to: $0)), to: .gguf)
      }
    }
}
