import Testing

@testable import Formats

@Suite("Directories that do not convert, and why")
struct DirectoryRefusalTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fixture: String
    var target = ConversionTarget.gguf
    var isStrict = false
    var code = FormatError.Code.notExact
    /// After the path of the model.
    let text: String
    let change: @Sendable (inout EditedDirectory) -> Void
  }

  private static let down = "model.layers.0.mlp.down_proj"

  static let refusals = [
    Refusal(
      testDescription: "codes at two distances", fixture: "awq",
      text: "tensor '\(down).weight' row 0 group 0: needed codes at one distance from the zero "
        + "point 8, found 10 and 7; 2 groups of this tensor are like that"
    ) {
      $0.edit("layers.0.mlp.down_proj.qweight") { codes in
        // Nibble 0 of a word is its first output; the words of an input take 128 / 8 * 4 bytes.
        for input in [0, 128] { codes.bytes[input * 64] = codes.bytes[input * 64] & 0xF0 | 0xA }
        codes.bytes[64] = codes.bytes[64] & 0xF0 | 0x7
      }
    },
    Refusal(
      testDescription: "a scale that is not finite", fixture: "awq", code: .notExact,
      text: "tensor '\(down).weight' row 3 group 1: the scale of this group is nan; a finite one "
        + "is needed"
    ) { $0.edit("layers.0.mlp.down_proj.scales") { $0[half: 128 + 3] = 0x7E01 } },
    Refusal(
      testDescription: "k times the scale", fixture: "awq",
      text: "tensor '\(down).weight' row 0 group 0: 7 times the scale 65504.0 has no exact form "
        + "in F16"
    ) {
      $0.edit("layers.0.mlp.down_proj.qweight") { codes in
        for input in 0..<128 { codes.bytes[input * 64] |= 0xF }
      }
      $0.edit("layers.0.mlp.down_proj.scales") { $0[half: 0] = 0x7BFF }
    },
    Refusal(
      testDescription: "no zero points", fixture: "awq", code: .malformed,
      text: "tensor '\(down).qweight': '\(down).qzeros' is needed beside it and missing"
    ) { $0.tensors.removeAll { $0.name == "\(down).qzeros" } },
    Refusal(
      testDescription: "no biases", fixture: "mlx", code: .malformed,
      text: "tensor '\(down).weight': '\(down).biases' is needed beside it and missing"
    ) { $0.tensors.removeAll { $0.name == "\(down).biases" } },
    Refusal(
      testDescription: "a scale that is not twice the bias", fixture: "mlx", target: .awq,
      text: "tensor '\(down).weight' row 0 group 1: needed scale = −2 × bias, found scale 1.0 and "
        + "bias -1.0"
    ) {
      $0.edit("layers.0.mlp.down_proj.scales") { $0[half: 1] = 0x3C00 }
      $0.edit("layers.0.mlp.down_proj.biases") { $0[half: 1] = 0xBC00 }
    },
    Refusal(
      testDescription: "words of a module that is said to have none", fixture: "mlx",
      code: .unsupported,
      text:
        "tensor '\(down).weight': config.json says that this module is not quantized, and it is "
        + "stored in words of MLX with scales"
    ) {
      $0.set("quantization", $0.config["quantization"]?.with("\(down)", false))
    },
    Refusal(
      testDescription: "two magnitudes, strictly", fixture: "fp16", isStrict: true,
      text: "tensor '\(down).weight' row 0 group 1: needed one magnitude in a group of 128, found "
        + "1.0 and 2.0; 2 groups of this tensor are like that"
    ) {
      $0.edit("layers.0.mlp.down_proj.weight") { weight in
        for index in 128..<256 { weight[half: index] = 0x3C00 }
        weight[half: 131] = 0x4000
        weight[half: 300] ^= 1
      }
    },
    Refusal(
      testDescription: "a vision tower", fixture: "fp16", target: .awq, code: .unsupported,
      text: "tensor 'visual.blocks.0.attn.qkv.weight': the tensor is of a vision tower, and only "
        + "language models convert"
    ) {
      $0.tensors.append(
        .init(
          name: "visual.blocks.0.attn.qkv.weight", type: .f16, shape: [1], bytes: [0, 0]))
    },
    Refusal(
      testDescription: "arrays of AWQ that nothing speaks of", fixture: "awq", target: .fp16,
      code: .unsupported,
      text: "tensor '\(down).qweight': it is an array of AWQ or GPTQ, and config.json does not say "
        + "so: the member 'quantization_config'"
    ) { $0.set("quantization_config", nil) },
    Refusal(
      testDescription: "arrays of GPTQ beside AWQ's", fixture: "awq", target: .fp16,
      code: .unsupported, text: "tensor '\(down).g_idx': it is no array of AWQ's weights"
    ) {
      $0.tensors.append(
        .init(name: "\(down).g_idx", type: .i32, shape: [1], bytes: [0, 0, 0, 0]))
    },
    Refusal(
      testDescription: "words of MLX that only quantization_config speaks of", fixture: "mlx",
      target: .fp16, code: .unsupported,
      text:
        "tensor 'lm_head.weight': it is stored in words of MLX with scales, and config.json does "
        + "not say so: the member 'quantization' is needed"
    ) { $0.set("quantization", nil) },
    Refusal(
      testDescription: "scales of BF16", fixture: "mlx", target: .fp16, code: .unsupported,
      text:
        "tensor '\(down).weight': its type is MLX-1bit-BF16: scales must be F16 to be kept, and "
        + "these are BF16"
    ) {
      for part in ["scales", "biases"] { $0.edit("\(down).\(part)") { $0.type = .bf16 } }
    },
    Refusal(
      testDescription: "groups of 64", fixture: "awq", code: .unsupported,
      text: "tensor '\(down).weight': its type is AWQ-INT4 group 64 F16, and only 1-bit and dense "
        + "types convert without loss"
    ) {
      $0.setGroupSize(64)
      for part in ["qzeros", "scales"] { $0.edit(".\(part)") { $0.double() } }
    },
    Refusal(
      testDescription: "other groups than the configuration says", fixture: "awq",
      code: .malformed,
      text: "tensor '\(down).weight': needed groups of 64 as the configuration says, found groups "
        + "of 128"
    ) { $0.setGroupSize(64) },
    Refusal(
      testDescription: "groups where the configuration says whole rows", fixture: "awq",
      code: .malformed,
      text:
        "tensor '\(down).weight': needed groups of 256 as the configuration says, "
        + "found groups of 128"
    ) { $0.setGroupSize(-1) },
  ]

  @Test(arguments: refusals) func refusal(_ refusal: Refusal) async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/\(refusal.fixture)")
    refusal.change(&directory)
    let path = try directory.write(to: folder)
    let error = await failure {
      try await convert(path, refusal.target, to: folder("out")) {
        $0.isStrict = refusal.isStrict
      }
    }
    #expect(error?.code == refusal.code)
    let text = "\(path): \(refusal.text)"
    #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "no error")")
    #expect(try folder.names == ["model"])
  }

  /// transformers 5 has another word for the version.
  @Test(arguments: [true, false]) func format(isAlone: Bool) async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/awq")
    let quantization = directory.config["quantization_config"]?.with("format", "gemv")
    directory.set(
      "quantization_config", isAlone ? quantization?.with("version", nil) : quantization)
    let path = try directory.write(to: folder)
    let error = await failure { try await convert(path, .gguf, to: folder("out")) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("'awq' of version 'gemv'") == true)
  }

  @Test(
    "Methods that are only recognized",
    arguments: [
      ("version", "gemv", "'awq' of version 'gemv'"),
      ("version", "gemv_fast", "'awq' of version 'gemv_fast'"),
      ("version", "exllama", "'awq' of version 'exllama'"),
      ("bits", 8, "'awq' of other than 4 bits"),
      ("zero_point", false, "'awq' without zero points"),
      ("quant_method", "gptq", "'gptq'"),
      ("quant_method", "compressed-tensors", "'compressed-tensors'"),
    ] as [(String, JSONValue, String)])
  func method(member: String, value: JSONValue, name: String) async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/awq")
    directory.set(
      "quantization_config", directory.config["quantization_config"]?.with(member, value))
    let path = try directory.write(to: folder)
    for target in ConversionTarget.allCases {
      let error = await failure { try await convert(path, target, to: folder("out")) }
      #expect(error?.code == .unsupported)
      #expect(
        error?.description
          == "\(path): the weights are quantized by \(name): only AWQ of version gemm with 4 bits "
          + "and zero points and MLX in mode affine convert without loss")
    }
  }

  @Test func aShardThatIsNotThere() async throws {
    let folder = try TemporaryFolder()
    try await convert(Fixture.path("micro/fp16"), .fp16, to: folder("model")) {
      $0.shardByteCount = 200_000
    }
    let shard = try #require(try folder.shards("model").first)
    try SystemCalls.removeFile(folder("model/\(shard)"))
    let error = await failure { try await convert(folder("model"), .awq, to: folder("out")) }
    #expect(error?.code == .notFound)
    #expect(error?.location.file == folder("model/\(shard)"))
  }

  @Test("Rotated weights", arguments: ConversionTarget.allCases)
  func rotated(target: ConversionTarget) async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.set([("prism.hadamard.version", .uint32(1))])
    let path = try gguf.write(to: folder)
    let error = await failure { try await convert(path, target, to: folder("out")) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.hasPrefix("'prism.hadamard.version' says that the weights are") == true)
  }
}

extension EditedDirectory {
  fileprivate mutating func setGroupSize(_ size: Int) {
    let quantization = config["quantization_config"]
    set("quantization_config", quantization?.with("group_size", .integer(size)))
  }
}

extension EditedDirectory.Tensor {
  /// Every row of the first dimension twice.
  fileprivate mutating func double() {
    let size = bytes.count / shape[0]
    bytes = (0..<shape[0] * 2).flatMap { bytes[$0 / 2 * size..<($0 / 2 + 1) * size] }
    shape[0] *= 2
  }
}

extension TemporaryFolder {
  fileprivate func shards(_ name: String) throws -> [String] {
    try SystemCalls.list(self(name)).filter { $0.hasPrefix("model-") }.sorted()
  }
}
