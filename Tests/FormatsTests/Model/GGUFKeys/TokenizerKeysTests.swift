import Testing

@testable import Formats

@Suite("tokenizer.* from tokenizer.json")
struct TokenizerKeysTests {
  static func document(_ json: String, size: Int = 8) throws(FormatError) -> TokenizerDocument {
    try TokenizerDocument(Array(json.utf8), vocabularySize: size, file: "tokenizer.json")
  }

  static func strings(_ strings: ByteStrings) throws -> [String] {
    try GGUFArray(strings).strings().map(\.repairedText)
  }

  @Test("Merges come as strings or pairs; a space within a part becomes a letter")
  func merges() throws {
    for merges in [#"["a b","Ġ c"]"#, #"[["a","b"],[" ","c"]]"#, #"["a b",["Ġ","c"]]"#] {
      let document = try Self.document(
        #"{"model":{"merges":\#(merges),"vocab":{"a":0,"b":1,"c":2,"Ġ":3,"ab":4,"Ġc":5}},"version":"1.0"}"#
      )
      #expect(try Self.strings(document.merges) == ["a b", "Ġ c"])
    }
  }

  @Test("Token types: by the flag, by the looks, else user-defined; gaps are padding")
  func types() throws {
    let added = [
      (2, "<|x|>", false), (3, "<think>", false), (4, "<s>", true), (5, "\u{2581}\u{2581}", false),
      (1, "b", true), (6, "<unused7>", false),
    ].map { #"{"id":\#($0),"content":"\#($1)","special":\#($2)}"# }.joined(separator: ",")
    let document = try Self.document(
      #"{"added_tokens":[\#(added)],"model":{"vocab":{"b":1,"a":0,"ab":7},"merges":["a b"]}}"#,
      size: 9)
    let arrays = try TokenArrays(document, added: document.addedTokens)
    #expect(
      try Self.strings(arrays.texts) == [
        "a", "b", "<|x|>", "<think>", "<s>", "  ", "<unused7>", "ab", "[PAD8]",
      ])
    #expect(arrays.types == [1, 3, 3, 4, 3, 4, 3, 1, 5])
  }

  @Test(
    "What is no byte-level BPE, or does not fit, is refused",
    arguments: [
      (
        #"{"model":{"type":"Unigram","vocab":[["a",0]]}}"#,
        "a byte-level BPE with merges, is 'Unigram'"
      ),
      (
        #"{"model":{"type":"BPE","byte_fallback":true,"vocab":{},"merges":["a b"]}}"#,
        "byte_fallback"
      ),
      (#"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#, "with merges"),
      (#"{}"#, "'model.vocab' is needed and missing"),
      (#"{"model":{}}"#, "'model.vocab' is needed and missing"),
      (#"{"model":{"vocab":{"a":0}}}"#, "with merges, is 'none'"),
      (
        #"{"model":{"vocab":{"a":8},"merges":["a b"]}}"#,
        "a token has the id 8, the model has 8 rows"
      ),
      (#"{"model":{"vocab":{"a":-1},"merges":["a b"]}}"#, "a token has the id -1"),
      (#"{"model":{"vocab":{"a":1,"b":1},"merges":["a b"]}}"#, "two tokens have the id 1"),
      (#"{"model":{"vocab":{"a":1,"a":2},"merges":["a b"]}}"#, "the token 'a' is there twice"),
      (#"{"model":{"vocab":{"a":1},"merges":["ab"]}}"#, "two tokens with one space between"),
      (#"{"model":{"vocab":{"a":1},"merges":[["a"]]}}"#, "two parts of a merge"),
      (#"{"model":{"vocab":{"a":1},"merges":[["a","b","c"]]}}"#, "no more than two parts"),
      (#"{"model":{"merges":["a b"]},"model":{}}"#, "'model' appears twice"),
      (#"{"added_tokens":[{"id":9,"content":"x"}]}"#, "a token has the id 9"),
      (#"{"added_tokens":[{"content":"x"}]}"#, "an added token needs an integer 'id'"),
      (
        #"{"added_tokens":[{"id":2,"content":"a"}],"model":{"vocab":{"a":1},"merges":["a b"]}}"#,
        "the token 'a' has the id 2 and another one"
      ),
    ])
  func refusals(json: String, text: String) throws {
    let message = message { () throws(FormatError) in _ = try Self.document(json) }
    #expect(message?.contains(text) == true, "\(message ?? "accepted")")
    #expect(message?.hasPrefix("tokenizer.json:") == true)
  }

  /// A GGUF says nothing of NFC, and nothing is lost of a normalizer that does no more.
  @Test(arguments: [
    ("null", true), (#"{"type":"NFC"}"#, true), (#"{"type":"Sequence","normalizers":[]}"#, true),
    (#"{"type":"Sequence","normalizers":[{"type":"NFC"}]}"#, true),
    (#"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]}"#, false),
    (#"{"type":"NFKC"}"#, false), (#"{"normalizers":[]}"#, false), ("[]", false),
  ])
  func normalizers(json: String, isKept: Bool) throws {
    let document = try Self.document(
      #"{"normalizer":\#(json),"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#)
    let nothing = ConfigMembers(.object([]), file: "none")
    let keys = TokenizerKeys(
      tokenizer: document, tokenizerConfig: nothing, config: nothing, templates: [],
      preTokenizer: "qwen2", keepsSpacePrefix: false)
    let message = message { () throws(FormatError) in _ = try keys.entries() }
    #expect((message == nil) == isKept, "\(message ?? "accepted")")
  }

  @Test("Two tokens with one id are refused")
  func oneID() throws {
    let document = try Self.document(
      #"{"added_tokens":[{"id":1,"content":"x"}],"model":{"vocab":{"a":1,"b":2,"ab":3},"merges":["a b"]}}"#
    )
    #expect(
      message { () throws(FormatError) in
        _ = try TokenArrays(document, added: document.addedTokens)
      } == "tokenizer.json: the tokens 'a' and 'x' have the same id, 1")
  }

  static let added = [(3, "<b>"), (4, "<end>"), (5, "<turn>")].map {
    TokenizerDocument.AddedToken(id: $0.0, text: $0.1, isSpecial: true)
  }

  static func template(_ single: [String], _ pair: [String]) -> JSONValue {
    let elements = { (names: [String]) -> JSONValue in
      .array(
        names.map {
          ["A", "B"].contains($0)
            ? ["Sequence": ["id": .string($0)]] : ["SpecialToken": ["id": .string($0)]]
        })
    }
    let template: JSONValue = [
      "type": "TemplateProcessing", "single": elements(single), "pair": elements(pair),
    ]
    return ["type": "Sequence", "processors": [["type": "ByteLevel"], template]]
  }

  /// Compared with gguf-py's SpecialVocab for the same documents; the two `add` keys that it leaves
  /// out are always written.
  @Test("Roles come from tokenizer_config.json, then config.json, and from templates")
  func special() throws {
    let cases: [(JSONValue, JSONValue, JSONValue, String)] = [
      (
        ["bos_token": "<b>", "eos_token": "<turn>"],
        ["bos_token_id": 3, "eos_token_id": 4, "pad_token_id": 4],
        Self.template(["<b>", "A"], ["<b>", "A", "<b>", "B"]),
        "bos=3 eos=5 padding=4 +bos=true +eos=false +sep=false"
      ),
      (
        ["bos_token": "<b>", "eos_token": "<turn>"],
        ["bos_token_id": 3, "eos_token_id": 4, "pad_token_id": 4],
        Self.template(["<b>", "A", "<end>"], ["<b>", "A", "<end>", "B", "<end>"]),
        "bos=3 eos=4 eot=5 padding=4 +bos=true +eos=true +sep=false"
      ),
      (
        ["eos_token": "<turn>", "add_bos_token": true, "cls_token": ["content": "<b>"]],
        ["eos_token_id": [4, 5], "mask_token_id": 1], Self.template(["A"], ["A", "<turn>", "B"]),
        "bos=3 eos=5 seperator=5 mask=1 +bos=true +eos=false +sep=true"
      ),
      (
        ["eos_token": "<none>", "unk_token": .null], ["eos_token_id": [4, 5], "bos_token_id": 0],
        .null, "bos=0 +bos=false +eos=false"
      ),
    ]
    for (tokenizer, config, processor, expected) in cases {
      let special = try SpecialTokens(
        tokenizer: ConfigMembers(tokenizer, file: "t"), config: ConfigMembers(config, file: "c"),
        added: Self.added, postProcessor: processor, vocabularySize: 8)
      let found = special.entries.map { entry -> String in
        let key = entry.key.replacing("tokenizer.ggml.", with: "")
        switch entry.value {
        case .uint32(let id): return key.replacing("_token_id", with: "") + "=\(id)"
        case .bool(let isAdded):
          return "+" + key.replacing("add_", with: "").replacing("_token", with: "") + "=\(isAdded)"
        default: return "?"
        }
      }
      #expect(found.joined(separator: " ") == expected)
    }
  }

  @Test("Templates: named ones first, then their names, then the default one")
  func templates() throws {
    let entries = try ChatTemplate.entries([
      ChatTemplate(name: "default", text: "d"), ChatTemplate(name: "tool_use", text: "t"),
    ])
    #expect(
      entries.map(\.key) == [
        "tokenizer.chat_template.tool_use", "tokenizer.chat_templates", "tokenizer.chat_template",
      ])
    #expect(try ChatTemplate.entries([]).isEmpty)
  }

  @Test("Other ways to split text need to be told")
  func preTokenizers() throws {
    let split: JSONValue = [
      "type": "Split", "pattern": ["Regex": .string(PreTokenizer.all[1].pattern)],
      "behavior": "Isolated", "invert": false,
    ]
    let bytes: JSONValue = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]
    let sequence = { (steps: [JSONValue]) -> JSONValue in
      ["type": "Sequence", "pretokenizers": .array(steps)]
    }
    #expect(PreTokenizer(json: sequence([split, bytes]))?.name == "qwen35")
    #expect(PreTokenizer(json: sequence([split])) == nil)
    #expect(PreTokenizer(json: sequence([bytes, split])) == nil)
    #expect(PreTokenizer(json: ["type": "ByteLevel"]) == nil)
    let keys = { (name: String?) throws -> TokenizerKeys in
      TokenizerKeys(
        tokenizer: try Self.document(#"{"model":{"vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}"#),
        tokenizerConfig: ConfigMembers(["add_prefix_space": true], file: "t"),
        config: ConfigMembers([:], file: "c"), templates: [], preTokenizer: name,
        keepsSpacePrefix: true)
    }
    let unknown = try keys(nil)
    let refusal = message { () throws(FormatError) in _ = try unknown.entries() }
    #expect(refusal?.contains("--pre NAME") == true)
    let metadata = GGUFMetadata(try keys("llama-bpe").entries())
    #expect(try metadata.string("tokenizer.ggml.pre") == "llama-bpe")
    #expect(metadata.entries.first?.key == "tokenizer.ggml.add_space_prefix")
  }

  @Test("Tokens that only tokenizer_config.json knows are added, ids beyond the rows refused")
  func addedElsewhere() throws {
    let entries = { (decoder: JSONValue) throws(FormatError) -> GGUFMetadata in
      GGUFMetadata(
        try TokenizerKeys(
          tokenizer: try Self.document(
            #"{"model":{"vocab":{"a":0,"b":1,"ab":4},"merges":["a b"]}}"#, size: 5),
          tokenizerConfig: ConfigMembers(["added_tokens_decoder": decoder], file: "t"),
          config: ConfigMembers([:], file: "c"), templates: [], preTokenizer: "x",
          keepsSpacePrefix: false
        ).entries())
    }
    let metadata = try entries(["2": ["content": "<s>", "special": true]])
    #expect(try metadata.array("tokenizer.ggml.token_type")?.integers() == [1, 1, 3, 5, 1])
    #expect(
      message { () throws(FormatError) in _ = try entries(["5": ["content": "x"]]) }
        == "t: 'added_tokens_decoder' needs ids below 5 with a 'content', has '5'")
  }

  /// tokenizer.json is made from a real vocabulary by the other half of this library.
  @Test("A real vocabulary of 151,936 tokens comes back from its tokenizer.json")
  func real() throws {
    let path = Fixture.path("vocab/ggml-vocab-qwen2.gguf")
    let file = try GGUFFile(FileSource(path: path))
    let vocabulary = try Vocabulary(metadata: file.metadata)
    var bytes: [UInt8] = []
    try TokenizerFile(vocabulary: vocabulary).write { (piece) throws(FormatError) in
      bytes += piece
    }
    let document = try TokenizerDocument(bytes, vocabularySize: vocabulary.count, file: "t")
    let arrays = try TokenArrays(document, added: document.addedTokens)
    let tokens = try file.metadata.array("tokenizer.ggml.tokens")?.littleEndianBytes()
    let isSame = try tokens == GGUFArray(arrays.texts).littleEndianBytes()
    #expect(isSame)
    let merges = try file.metadata.array("tokenizer.ggml.merges")?.littleEndianBytes()
    let areMergesSame = try merges == GGUFArray(document.merges).littleEndianBytes()
    #expect(areMergesSame)
    #expect(PreTokenizer(json: document.preTokenizer) == vocabulary.preTokenizer)
  }
}
