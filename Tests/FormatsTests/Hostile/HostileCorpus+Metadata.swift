@testable import Formats

// What a GGUF says about its model: each fault in three models, planned as a directory.
extension HostileCorpus {
  private static func bad(
    _ code: FormatError.Code, _ said: String,
    _ fixtures: [String] = ["micro/q1_0.gguf", "micro/f16.gguf", "micro-tied-edge/q1_0.gguf"],
    to target: ConversionTarget = .fp16,
    _ change: @escaping @Sendable (inout EditedGGUF) -> Void
  ) -> [HostileCase] {
    fixtures.map { fixture in
      HostileCase("metadata of \(fixture)", code, said) { folder in
        var gguf = try EditedGGUF(fixture)
        change(&gguf)
        _ = try Conversion(of: Model(opening: gguf.write(to: folder)), to: target)
      }
    }
  }

  private static func key(
    _ code: FormatError.Code, _ said: String, _ key: String, _ value: GGUFValue?
  ) -> [HostileCase] {
    bad(code, said) { $0.set([(key, value)]) }
  }

  static let metadata = metadataKeys + metadataNumbers + metadataTensors

  private static let metadataKeys =
    key(.malformed, "'general.architecture' is needed and missing", "general.architecture", nil)
    + key(
      .unsupported, "architecture 'gemma' is none of those known", "general.architecture",
      .text("gemma"))
    + key(.malformed, "must be a string", "general.architecture", .uint32(1))
    + key(
      .malformed, "must be a string in UTF-8", "general.architecture", .string(ByteString([0xFF])))
    + key(.malformed, "'qwen3.block_count' is needed and missing", "qwen3.block_count", nil)
    + key(.malformed, "'qwen3.block_count' must be an integer", "qwen3.block_count", .float32(2))
    + key(
      .malformed, "'qwen3.block_count' must be at least 1, is 0", "qwen3.block_count", .uint8(0))
    + key(.malformed, "must be a floating-point number", "qwen3.rope.freq_base", .uint32(1))
    + key(.malformed, "must be above zero, is", "qwen3.rope.freq_base", .float32(-1))
    + key(.malformed, "must be finite, is nan", "qwen3.rope.freq_base", .float32(.nan))
    + key(.malformed, "'qwen3.rope.freq_base' is needed and missing", "qwen3.rope.freq_base", nil)
    + key(.unsupported, "says that the weights are rotated", "prism.hadamard.size", .uint32(128))

  private static let metadataNumbers =
    key(.limit, "--limit layers=N raises it", "qwen3.block_count", .uint32(10_001))
    + key(.limit, "--limit width=N raises it", "qwen3.feed_forward_length", .uint64(1 << 25))
    + key(.limit, "--limit heads=N raises it", "qwen3.attention.head_count", .uint32(1 << 20))
    + key(.limit, "--limit context=N raises it", "qwen3.context_length", .uint64(1 << 41))
    + key(.malformed, "must be a multiple of", "qwen3.attention.head_count_kv", .uint32(3))
    + key(
      .unsupported, "'qwen3.attention.value_length' must be the head's",
      "qwen3.attention.value_length", .uint32(64))
    + key(.malformed, "rows", "qwen3.vocab_size", .uint32(511))
    + key(
      .malformed, "must be below the vocabulary's", "tokenizer.ggml.eos_token_id", .uint32(1 << 20))
    + key(
      .unsupported, "must be none, linear or yarn, is 'longrope'", "qwen3.rope.scaling.type",
      .text("longrope"))
    + key(
      .malformed, "'qwen3.rope.scaling.type' is needed", "qwen3.rope.scaling.factor", .float32(4))
    + bad(.malformed, "the embedding must be a multiple of the heads") {
      $0.set([
        ("qwen3.attention.key_length", nil), ("qwen3.attention.head_count", .uint32(3)),
        ("qwen3.attention.head_count_kv", .uint32(3)),
      ])
    }

  private static let metadataTensors =
    key(.malformed, "the model has 1 layers", "qwen3.block_count", .uint32(1))
    + key(.malformed, "needed the shape", "qwen3.feed_forward_length", .uint32(512))
    + bad(.malformed, "the tensor is needed and missing") {
      $0.tensors.removeAll { $0.name == "blk.1.ffn_norm.weight" }
    }
    + bad(.malformed, "tensor 'token_embd.weight' is needed and missing or empty") {
      $0.tensors.removeAll { $0.name == "token_embd.weight" }
    }
    + bad(.unsupported, "architecture 'qwen3' has no tensor of this name") {
      $0.tensors.append(
        .init(name: "blk.0.attn_q.bias", typeID: 0, type: .f32, shape: [1], bytes: [0, 0, 0, 0]))
    }
    + bad(.unsupported, "its type number 99 is not known") {
      $0.tensors.append(.init(name: "x", typeID: 99, type: .i8, shape: [4], bytes: [0, 0, 0, 0]))
    }
    + bad(.unsupported, "type 42 means Q2_0 or Q2_0_G128") {
      $0.tensors.append(
        .init(name: "x", typeID: 42, type: .i8, shape: [128], bytes: Array(repeating: 0, count: 36))
      )
    }
    + bad(.unsupported, "and only 1-bit and dense types convert without loss") {
      $0.edit("output_norm.weight") {
        $0.become(GGMLType(26, .i32), $0.shape, repeating: [0, 0, 0, 0])
      }
    }

  /// Elements of another kind than asked for, and beyond what can be counted.
  private static let arrays = (1...3).flatMap { count -> [HostileCase] in
    let integers = GGUFArray([Int32](repeating: 1, count: count))
    return [
      HostileCase("no floats", .malformed, "where floating-point numbers are needed") { _ in
        _ = try integers.floats()
      },
      HostileCase("no bools", .malformed, "where bools are needed") { _ in _ = try integers.bools()
      },
      HostileCase("no arrays", .malformed, "where arrays are needed") { _ in
        _ = try integers.arrays()
      },
      HostileCase("beyond 63 bits", .malformed, "the integer 18446744073709551615 is beyond") { _ in
        var builder = GGUFBuilder()
        let elements = [UInt8](repeating: 0xFF, count: 8 * count)
        builder.add("a", 9, builder.array(10, UInt64(count), elements))
        _ = try builder.open().metadata.array("a")?.integers()
      },
    ]
  }

  private static let tokens = "tokenizer.ggml.tokens"

  static let vocabularies =
    key(.unsupported, "must be gpt2, is 'llama'", "tokenizer.ggml.model", .text("llama"))
    + key(
      .unsupported, "'tokenizer.ggml.pre' must be qwen2 or qwen35, is missing",
      "tokenizer.ggml.pre", nil)
    + key(
      .unsupported, "'tokenizer.ggml.add_bos_token' is true", "tokenizer.ggml.add_bos_token",
      .bool(true))
    + key(.malformed, "must be a bool", "tokenizer.ggml.add_eos_token", .uint32(1))
    + key(.unsupported, "metadata key 'tokenizer.ggml.tokens' is missing", tokens, nil)
    + key(.malformed, "must be an array", tokens, .text("a"))
    + key(.malformed, "where strings are needed", tokens, .array(GGUFArray([1 as Int32])))
    + key(
      .malformed, "where integers are needed", "tokenizer.ggml.token_type",
      .array(GGUFArray([Float](repeating: 1, count: 512))))
    + key(
      .malformed, "elements, 'tokenizer.ggml.token_type' has", "tokenizer.ggml.token_type",
      .array(GGUFArray([1 as Int32])))
    + key(
      .unsupported, "has the type 2, which is none of", "tokenizer.ggml.token_type",
      .array(GGUFArray([Int32](repeating: 2, count: 512))))
    + key(
      .malformed, "must be two tokens with one space between them", "tokenizer.ggml.merges",
      .strings(["ab"]))
    + key(.malformed, "needs the token 'nowhere'", "tokenizer.ggml.merges", .strings(["nowhere a"]))
    + key(
      .malformed, "must be UTF-8, is", tokens, .strings([[UInt8]](repeating: [0xFF], count: 512)))
    + key(.malformed, "are the same: 'a'", tokens, .strings([String](repeating: "a", count: 512)))
    + bad(.malformed, "elements, the embedding has") {
      $0.set([
        (tokens, .strings(["a", "b", "ab"])),
        ("tokenizer.ggml.token_type", .array(GGUFArray([1, 1, 1] as [Int32]))),
        ("tokenizer.ggml.merges", .strings(["a b"])),
      ])
    }
    + arrays
    + [("vocabulary", Limit.vocabulary), ("merges", .merges), ("added-tokens", .addedTokens)]
    .flatMap { name, limit in
      (0...2).map { value in
        HostileCase("\(name) beyond the limit", .limit, "--limit \(name)=N raises it") { _ in
          var limits = Limits()
          limits[limit] = value
          let path = Fixture.path("micro/q1_0.gguf")
          _ = try Conversion(of: Model(opening: path, limits: limits), to: .fp16)
        }
      }
    }
    + (1...3).map { count in
      HostileCase("tokens beyond the limit", .limit, "elements, the limit is") { _ in
        var limits = Limits()
        limits[.vocabulary] = count
        let file = try GGUFFile(FileSource(path: Fixture.path("micro/q1_0.gguf")))
        _ = try Vocabulary(metadata: file.metadata, limits: limits)
      }
    }
}
