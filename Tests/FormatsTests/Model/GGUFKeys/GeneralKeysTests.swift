import Testing

@testable import Formats

@Suite("What names and model cards tell about a model")
struct GeneralKeysTests {
  /// As gguf-py 0.19 takes them apart: title, organization, basename, finetune, version, size.
  static let names: [(String, [String?])] = [
    ("micro", ["Micro", nil, nil, nil, nil, nil]),
    ("micro-tied-edge", ["Micro Tied Edge", nil, nil, nil, nil, nil]),
    ("Bonsai-8B-unpacked", ["Bonsai 8B Unpacked", nil, "Bonsai", "unpacked", nil, "8B"]),
    (
      "prism-ml/Bonsai-8B-AWQ-4-bit",
      ["Bonsai 8B AWQ 4 Bit", "prism-ml", "Bonsai", "AWQ-bit", "4", "8B"]
    ),
    ("Qwen3-8B", ["Qwen3 8B", nil, "Qwen3", nil, nil, "8B"]),
    (
      "Qwen/Qwen2.5-0.5B-Instruct",
      ["Qwen2.5 0.5B Instruct", "Qwen", "Qwen2.5", "0.5b-Instruct", nil, nil]
    ),
    (
      "Meta-Llama-3.1-8B-Instruct-128k",
      ["Meta Llama 3.1 8B Instruct 128k", nil, "Meta-Llama-3.1", "Instruct-128k", nil, "8B"]
    ),
    ("bloom-7b1", ["Bloom 7b1", nil, "bloom", nil, nil, "7.1B"]),
    (
      "Mixtral-8x7B-Instruct-v0.1",
      ["Mixtral 8x7B Instruct v0.1", nil, "Mixtral", "Instruct", "v0.1", "8x7B"]
    ),
    (
      "Mistral-7B-Merge-14-v0.1",
      ["Mistral 7B Merge 14 v0.1", nil, "Mistral", "Merge", "14-v0.1", "7B"]
    ),
    ("a sentence with spaces", ["A Sentence With Spaces", nil, nil, nil, nil, nil]),
    ("./x-1B", ["X 1B", nil, "x", "1b", nil, nil]),
    ("gpt2-small-v2", ["Gpt2 Small v2", nil, "gpt2", nil, "v2", "small"]),
    (
      "Phi-3-mini-4K-instruct",
      ["Phi 3 Mini 4K Instruct", nil, "Phi-3", "4k-instruct", nil, "mini"]
    ),
    ("v2", ["v2", nil, nil, nil, "v2", nil]),
    (
      "DeepSeek-R1-Distill-Qwen-1.5B",
      ["DeepSeek R1 Distill Qwen 1.5B", nil, "DeepSeek-R1-Distill-Qwen", nil, nil, "1.5B"]
    ),
    ("x_y-q4_0-FP16", ["X_Y Q4_0 FP16", nil, nil, nil, nil, nil]),
    ("Llama-2-7b-chat-hf", ["Llama 2 7b Chat Hf", nil, "Llama-2", "chat-hf", nil, "7B"]),
    ("model-xl", ["Model Xl", nil, "model", nil, nil, "xl"]),
    ("Qwen3-30B-A3B", ["Qwen3 30B A3B", nil, "Qwen3", "30b", nil, "A3B"]),
    ("ünï-ßeta-3b", ["Ünï Sseta 3b", nil, "ünï-ßeta", nil, nil, "3B"]),
    ("-a--b-", ["A B", nil, nil, nil, nil, nil]),
    ("tiny_model-1_5B", ["Tiny_Model 1_5B", nil, "tiny_model", nil, nil, "1.5B"]),
    ("Foo-7B-7B-v1-v2", ["Foo 7B 7B v1 v2", nil, "Foo", nil, "v1-v2", "7B"]),
    ("4-bit-model", ["4 Bit Model", nil, nil, nil, nil, nil]),
  ]

  @Test("A name is taken apart as gguf-py does it", arguments: names)
  func name(id: String, parts: [String?]) {
    let name = ModelName(id, parameterCount: 8_188_548_096)
    let found = [
      name.full.asTitle, name.organization, name.basename, name.finetune, name.version,
      name.sizeLabel,
    ]
    #expect(found == parts)
  }

  @Test("Parameters have two digits, halves go to the even one")
  func sizeLabels() {
    let labels: [(Int, String)] = [
      (9, "0.01K"), (94, "0.09K"), (95, "0.10K"), (450, "0.45K"), (999, "1.0K"), (1249, "1.2K"),
      (1250, "1.2K"), (1251, "1.3K"), (9949, "10K"), (9950, "10K"), (12500, "12K"), (13500, "14K"),
      (525_184, "525K"), (999_999, "1000K"), (1_000_001, "1.0M"), (1_250_000, "1.2M"),
      (1_350_000, "1.3M"), (2_650_000, "2.6M"), (1_150_000_000, "1.2B"), (1_720_028_160, "1.7B"),
      (9_950_000_000, "10B"), (26_895_998_464, "27B"), (1_000_000_000_001, "1.0T"),
    ]
    for (count, label) in labels { #expect(SizeLabel.text(parameterCount: count) == label) }
  }

  static let card = #"""
    ---
    # a comment
    license: other
    license_name: "my \u00e9 license"
    license_link: 'https://example.org/it''s'
    base_model:
    - Qwen/Qwen3-8B   # the parent
    - https://huggingface.co/prism-ml/Bonsai-8B-v1.0
    - https://example.org/elsewhere/x
    - lonely-2B
    datasets: [allenai/c4-v2, "b, c/d e"]
    language:
      - en
      - no
      - 'zh'
    tags: ["a", b , c]
    pipeline_tag: text-generation
    model_creator: Jane Doe
    model_type: qwen3
    widget:
    - text: "hi"
      example: x
    description: plain words, and more # not this
    extra: |
      block
      name: hidden
    nested:
      name: hidden
    finetune:
    url: https://example.org/#anchor
    name: ~
    quoted_by: "x"
    ---
    name: not this
    """#

  /// What gguf-py 0.19 makes of the same card.
  @Test("A card becomes the keys that gguf-py makes of it")
  func cards() throws {
    let keys = GeneralKeys(
      FrontMatter(card: Self.card), config: ["_name_or_path": "acme/Thing-1B-v2"],
      folder: "Some-Model-3B-chat", parameterCount: 2_900_000_000)
    let metadata = GGUFMetadata(keys.entries)
    let found = try metadata.entries.map { entry -> String in
      let key = String(entry.key.dropFirst("general.".count))
      switch entry.value {
      case .string(let text): return "\(key)=\(text.repairedText)"
      case .array(let array): return "\(key)=\(try array.strings().map(\.repairedText))"
      case .uint32(let number): return "\(key)=\(number)"
      default: return "\(key)=?"
      }
    }
    #expect(
      found == [
        "name=Thing 1B v2", "author=Jane Doe", "version=v2", "organization=Acme", "finetune=chat",
        "basename=qwen3", "description=plain words, and more", "size_label=1B", "license=other",
        "license.name=my \u{E9} license", "license.link=https://example.org/it's",
        "source.url=https://example.org/#anchor", "base_model.count=4",
        "base_model.0.name=Qwen3 8B", "base_model.0.organization=Qwen",
        "base_model.0.repo_url=https://huggingface.co/Qwen/Qwen3-8B",
        "base_model.1.name=Bonsai 8B v1.0", "base_model.1.version=v1.0",
        "base_model.1.organization=Prism Ml",
        "base_model.1.repo_url=https://huggingface.co/prism-ml/Bonsai-8B-v1.0",
        "base_model.2.repo_url=https://example.org/elsewhere/x", "base_model.3.name=Lonely 2B",
        "dataset.count=2", "dataset.0.name=C4 v2", "dataset.0.version=v2",
        "dataset.0.organization=Allenai",
        "dataset.0.repo_url=https://huggingface.co/allenai/c4-v2", "dataset.1.name=B, C/D E",
        #"tags=["a", "b", "c", "text-generation"]"#, #"languages=["en", "no", "zh"]"#,
      ])
  }

  @Test(
    "What is no front matter, or no scalar or list in it, is passed over",
    arguments: [
      "", "---", "---\n", "name: x\n---\n", "---\nname: x\n", "--- \nname: x\n---\n",
      "---\nname:x\n---\n", "---\nname: {a: b}\n---\n", "---\nname: \"x\n---\n",
      "---\nname: 'x' y\n---\n", "---\nname: \"\\q\"\n---\n", "---\nname: a\n  b\n---\n",
      "---\nname: &a x\n---\n", "---\nname: >-\n  x\n---\n", "---\nname: [a, b\n---\n",
      "---\nname:\n  a: b\n---\n", "---\nname: ''x\n---\n",
    ])
  func strangers(card: String) {
    #expect(FrontMatter(card: card)["name"] == nil)
    // As long as the limit allows, and one line longer.
    let long = "---\nname: x\n" + String(repeating: "a: 1\n", count: 8) + "---\n"
    #expect(FrontMatter(card: long, limit: long.utf8.count)["name"] == .text("x"))
    #expect(FrontMatter(card: long, limit: long.utf8.count - 1)["name"] == nil)
  }

  @Test func threeDotsEndTheDocument() {
    let card = FrontMatter(card: "---\nname: x\n...\nlicense: mit\n---\n")
    #expect(card["name"] == .text("x") && card["license"] == nil)
  }

  /// Each of these took minutes when something was looked at again for every character or line.
  @Test func longFrontMatterTakesNoLonger() {
    let quotes = "a: [ " + String(repeating: " '' x", count: 4000) + "]"
    let spaces =
      "a: [ " + String(repeating: " ", count: 20_000) + String(repeating: "'", count: 20_000)
    let lines =
      "a:\n" + String(repeating: " ", count: 20_000) + "- a\n"
      + String(repeating: "- b\n", count: 10_000)
    let names = (0..<4000).map { "- a-\($0)b" }.joined(separator: "\n")
    let time = ContinuousClock().measure {
      for text in [quotes, spaces, lines] {
        _ = FrontMatter(card: "---\n\(text)\n---\n", limit: 1 << 20)
      }
      for name in names.split(separator: "\n") { _ = ModelName(String(name), parameterCount: 8) }
      _ = ModelName(String(repeating: "a-", count: 100_000), parameterCount: 8)
    }
    #expect(time < .seconds(30))
  }

  @Test("A quote within an item is a letter")
  func quotesWithinItems() {
    let card = FrontMatter(card: "---\na: [ it's, 'b, c' , \"d\"]\n---\n")
    #expect(card["a"] == .list(["it's", "b, c", "d"]))
  }

  @Test("The forms of scalars and lists")
  func forms() {
    let forms: [(String, FrontMatter.Value)] = [
      ("x", .text("x")), ("\"a\\\"b\" # c", .text("a\"b")), ("'it''s'", .text("it's")),
      ("a: b", .text("a: b")), ("a#b # c", .text("a#b")), ("[]", .list([])), ("[a,]", .list(["a"])),
      ("['a, b', c]", .list(["a, b", "c"])), ("\n- a\n- b: c\n-  'd'", .list(["a", "d"])),
      ("\n  - https://x.org/a", .list(["https://x.org/a"])), ("1.0", .text("1.0")),
      ("\n- a: b\n  c: d\n- - e\n  - f\n- g\n    h\n- i", .list(["i"])),
      ("\n-\n- ~\n- j", .list(["j"])), ("a\tb", .text("a  b")),
    ]
    for (text, value) in forms {
      #expect(FrontMatter(card: "---\nname: \(text)\n---\n")["name"] == value, "\(text)")
    }
  }

  @Test("Sampling comes from generation_config.json, in the converter's order and types")
  func sampling() throws {
    let json: JSONValue = [
      "top_k": .number("40.0"), "sequence": "kt", "temperature": 1, "min_p": .number("0.05"),
      "mirostat": 2,
      "top_p": .null, "do_sample": true,
    ]
    let entries = try SamplingKeys.entries(ConfigMembers(json, file: "g"))
    #expect(
      entries.map { "\($0.key) \($0.value.kind)" } == [
        "general.sampling.sequence string", "general.sampling.top_k int32",
        "general.sampling.min_p float32", "general.sampling.temp float32",
        "general.sampling.mirostat int32",
      ])
    guard case .int32(40)? = entries.dropFirst().first?.value else {
      Issue.record("top_k is another number")
      return
    }
    for (json, text) in [
      (["top_k": .number("4.5")], "g: 'top_k' must be an integer, is 4.5"),
      (["top_k": 4_294_967_296], "g: 'top_k' must fit 32 bits, is 4294967296"),
      (["top_p": "a"], "g: 'top_p' must be a number, is the string 'a'"),
      (["top_p": .number("1e40")], "g: 'top_p' must be finite in F32, is 1e40"),
    ] as [(JSONValue, String)] {
      #expect(
        message { () throws(FormatError) in
          _ = try SamplingKeys.entries(ConfigMembers(json, file: "g"))
        } == text)
    }
  }
}
