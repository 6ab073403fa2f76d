import Testing

@testable import Formats

/// Models whose files were compressed without a seek table, and go by once.
@Suite("Validation of what goes by once")
struct PassingValidationTests {
  private typealias Summary = [String: [Int?]]

  /// What is found of the weights, by rule, and how often.
  private static func weights(_ path: String) async throws -> Summary {
    let findings = try await Validation(of: path).findings.filter {
      ["W", "AWQ", "MLX"].contains($0.rule.id.prefix { $0.isLetter })
    }
    return Dictionary(grouping: findings, by: \.rule.id).mapValues { $0.map(\.count) }
  }

  @Test(arguments: ["q1_0.gguf", "fp16", "awq", "mlx"])
  func soundModels(_ layout: String) async throws {
    let folder = try TemporaryFolder()
    let path =
      layout.hasSuffix("gguf")
      ? try folder.write("model.gguf", Fixture.bytes("micro/\(layout)"))
      : try folder.copy("micro/\(layout)", as: "model")
    let plain = try await Self.weights(path)
    let packed = try folder.packPlainly(path)
    #expect(try Model(opening: packed).isPassing)
    var found = try await Self.weights(packed)
    // Whether scales are -2 times biases nobody can tell.
    #expect((found.removeValue(forKey: "W009") != nil) == (layout == "mlx"))
    #expect(found == plain)
  }

  /// Every odd value is found as in a file that can be read anywhere.
  @Test(
    arguments: Provocation.values.filter { $0.id != "W008" && $0.id != "W009" }
      + Provocation.quantized.filter { ["AWQ004", "AWQ005"].contains($0.id) })
  func oddValues(_ provocation: Provocation) async throws {
    let folder = try TemporaryFolder()
    let path = try provocation.make(folder)
    let plain = try await Self.weights(path)
    var found = try await Self.weights(folder.packPlainly(path))
    found["W009"] = nil
    // Codes around another zero point are fine or not together only, and so are signs of biases.
    let isMLX = plain.keys.contains("W002") && provocation.id == "W002"
    let apart: Set = isMLX ? ["AWQ006", "W004"] : ["AWQ006"]
    #expect(found == plain.filter { !apart.contains($0.key) })
    #expect(found[provocation.id] != nil)
  }

  @Test func groupsThatPartsDoNotTellApart() async throws {
    let folder = try TemporaryFolder()
    var awq = try EditedDirectory("micro/awq")
    awq.edit("0.mlp.up_proj.qweight") { $0.bytes[0] = 0x50 }
    let found = try await Self.weights(folder.packPlainly(awq.write(to: folder)))
    #expect(found == ["AWQ004": [2], "W009": [1]])
  }

  @Test func bigEndian() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "model.gguf.zst", Packed.plain(Fixture.bytes("../Fuzz/corpus/convert/gguf-be")))
    let plain = try folder.write(
      "model.gguf", Fixture.bytes("../Fuzz/corpus/convert/gguf-be"))
    #expect(try await Self.weights(path) == Self.weights(plain))
  }

  /// Content that ends at the end of a frame: nothing is damaged, and yet it is not all there.
  @Test func contentThatEndsEarly() async throws {
    let folder = try TemporaryFolder()
    let content = try Fixture.bytes("micro/q1_0.gguf")
    let path = try folder.write("model.gguf.zst", Packed.plain(Array(content[..<60_000])))
    let validation = try await Validation(of: path)
    let finding = try #require(validation.findings.first)
    #expect(validation.findings.map(\.rule) == [.ggufDataCut])
    #expect(finding.message.contains("\(content.count - 60_000) are missing, from this tensor on"))
    #expect(finding.location.tensor == "blk.0.ffn_up.weight")
    let directory = try folder.copy("micro/fp16", as: "cut")
    let weights = try folder.bytes("cut/model.safetensors")
    try folder.write("cut/model.safetensors.zst", Packed.plain(weights.dropLast(3)))
    try SystemCalls.removeFile(folder("cut/model.safetensors"))
    let rules = try await Validation(of: directory).findings.map(\.rule)
    #expect(rules.contains(.safetensorsDataCut) && !rules.contains(.unreadable))
  }

  @Test func contentThatGoesOn() async throws {
    let folder = try TemporaryFolder()
    let gguf = try folder.write(
      "model.gguf.zst", Packed.plain(Fixture.bytes("micro/q1_0.gguf") + [1, 2, 3]))
    #expect(try await Validation(of: gguf).findings.map(\.rule) == [.ggufSurplus])
    let bytes = safetensors(
      #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, dataByteCount: 5)
    let path = try folder.write("model.safetensors.zst", Packed.plain(bytes))
    let rules = try await Validation(of: path).findings.map(\.rule)
    #expect(rules.contains(.safetensorsSurplus))
  }

  @Test func paddingThatIsMissing() async throws {
    let folder = try TemporaryFolder()
    var builder = GGUFBuilder()
    builder.add("general.architecture", 8, builder.encoded("none"))
    builder.add(tensor: "t", [3], 0, bytes: 12)
    builder.data.removeLast(20)
    let packed = try folder.write("model.gguf.zst", Packed.plain(builder.bytes))
    let rules = try await Validation(of: packed).findings.map(\.rule)
    let plain = try await Validation(of: folder.write("model.gguf", builder.bytes)).findings
    #expect(rules == plain.map(\.rule) && rules.contains(.ggufPadding))
  }

  /// What lies before the damage is looked at, and how much lies behind it is said.
  @Test func damage() async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.edit("blk.0.attn_k.weight") { $0.setScale(0x7E01, block: 7) }
    let content = try folder.bytes(
      Paths.name(of: gguf.write(to: folder)))
    let whole = Packed.plain(Array(content[..<60_000])) + Packed.plain(Array(content[60_000...]))
    let validation = try await Validation(of: folder.write("cut.zst", Array(whole.dropLast(1000))))
    #expect(Set(validation.findings.map(\.rule)) == [.unreadable, .weightsNotRead, .nanScales])
    let unread = try #require(validation.findings.first { $0.rule == .weightsNotRead })
    #expect((unread.count ?? 0) > 1 && unread.message.contains("of 25 tensors"))
  }

  /// One shard goes by once, the others can be read anywhere; parts of one weight lie in both.
  @Test func shardsOfBothKinds() async throws {
    let folder = try TemporaryFolder()
    try await convert(Fixture.path("micro/q1_0.gguf"), .mlx, to: folder("model")) {
      $0.shardByteCount = 20_000
    }
    let plain = try await Self.weights(folder("model"))
    let names = try SystemCalls.list(folder("model")).filter { $0.hasSuffix(".safetensors") }
    #expect(names.count > 2)
    for name in names.sorted().prefix(2) {
      try folder.write("model/\(name).zst", Packed.plain(folder.bytes("model/\(name)")))
      try SystemCalls.removeFile(folder("model/\(name)"))
    }
    let found = try await Self.weights(folder("model"))
    #expect(found.filter { $0.key != "W009" } == plain)
    #expect(found["W009"] != nil)
  }

  /// Tiles are whole groups, whatever the size of these.
  @Test func groupsOfOtherSizes() async throws {
    let folder = try TemporaryFolder()
    let (inputs, outputs) = (192, 32_768)
    var directory = try EditedDirectory("micro/awq")
    directory.tensors = [
      .init(
        name: "a.qweight", type: .i32, shape: [inputs, outputs / 8],
        bytes: [UInt8](repeating: 0x97, count: inputs * outputs / 2)),
      .init(
        name: "a.qzeros", type: .i32, shape: [2, outputs / 8],
        bytes: [UInt8](repeating: 0x88, count: outputs)),
      .init(
        name: "a.scales", type: .f16, shape: [2, outputs],
        bytes: [UInt8](repeating: 0, count: outputs * 4)),
    ]
    let path = try directory.write(to: folder)
    let found = try await Self.weights(path)["W003"]
    #expect(found == [2 * outputs])
    #expect(try await Self.weights(folder.packPlainly(path))["W003"] == found)
  }
}

extension TemporaryFolder {
  /// Compresses the tensor files at a path without a seek table, in their place.
  ///
  /// - Returns: The path of what can be opened.
  func packPlainly(_ path: String) throws -> String {
    guard try SystemCalls.status(path)?.isDirectory == true else {
      let source = try FileSource(path: path)
      let bytes = try source.bytes(0..<(source.byteCount ?? 0))
      return try write(Paths.name(of: path) + ".zst", Packed.plain(bytes))
    }
    for name in try SystemCalls.list(path) where name.hasSuffix(".safetensors") {
      _ = try packPlainlyInPlace(Paths.join(path, name))
    }
    return path
  }

  private func packPlainlyInPlace(_ path: String) throws {
    let source = try FileSource(path: path)
    let bytes = Packed.plain(try source.bytes(0..<(source.byteCount ?? 0)))
    let file = try OutputFile(creating: path + ".zst", byteCount: bytes.count)
    try file.write(bytes, at: 0)
    try file.seal()
    try SystemCalls.removeFile(path)
  }
}
