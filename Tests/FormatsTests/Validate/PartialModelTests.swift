import Testing

@testable import Formats

@Suite("Validation of models of which a part is lost")
struct PartialModelTests {
  /// What is in a shard that is missing is not missed again, tensor by tensor.
  @Test func aMissingShardIsOneFinding() async throws {
    let folder = try TemporaryFolder()
    let path = try await sharded(in: folder)
    let names = try SystemCalls.list(path).filter { $0.hasSuffix(".safetensors") }.sorted()
    try SystemCalls.removeFile(Paths.join(path, names[0]))
    let validation = try await Validation(of: path)
    #expect(validation.findings.map(\.rule.id) == ["IDX004"])
    #expect(validation.form == .dense)
  }

  @Test func aBrokenShardDoesNotHideTheOthers() async throws {
    let folder = try TemporaryFolder()
    let path = try await sharded(in: folder)
    let names = try SystemCalls.list(path).filter { $0.hasSuffix(".safetensors") }.sorted()
    for (name, bytes) in [(names[0], [UInt8](repeating: 0x20, count: 64)), (names[1], [1, 2, 3])] {
      try SystemCalls.removeFile(Paths.join(path, name))
      try folder.write("model/\(name)", bytes)
    }
    let validation = try await Validation(of: path)
    #expect(names.count > 2)
    #expect(validation.findings.map(\.rule.id) == ["FILE002", "FILE002"])
    #expect(validation.failure == nil)
  }

  @Test func onlyWithoutAnyHeaderThereIsAFailure() async throws {
    let folder = try TemporaryFolder()
    let path = try await sharded(in: folder)
    for name in try SystemCalls.list(path) where name.hasSuffix(".safetensors") {
      try SystemCalls.removeFile(Paths.join(path, name))
      try folder.write("model/\(name)", [1, 2, 3])
    }
    let validation = try await Validation(of: path)
    #expect(validation.failure?.message.contains("needs 8 bytes") == true)
    #expect(validation.form == nil)
    #expect(Set(validation.findings.map(\.rule.id)) == ["FILE002"])
  }

  /// Beside a broken index, which limits what it names, the names count.
  @Test func shardsBeyondTheLimitAreAFinding() async throws {
    let folder = try TemporaryFolder()
    let path = try await sharded(in: folder)
    let index = "model/model.safetensors.index.json"
    try SystemCalls.removeFile(folder(index))
    try folder.write(index, Array("{".utf8))
    var options = Validation.Options()
    options.limits[.files] = 2
    let found = try await Validation(of: path, options).findings.filter { $0.rule == .beyondLimits }
    #expect(found.count == 1)
    #expect(found.first?.message.contains("--limit files=N raises it") == true)
  }

  /// Nor is what a broken index says missed, tensor by tensor; the shards are looked at without it.
  @Test(arguments: [#"{"weight_map":{"a":5}}"#, #"{"weight_map":{"a":null}}"#, "[]", "{}", "{"])
  func aBrokenIndexIsOneFinding(text: String) async throws {
    let folder = try TemporaryFolder()
    let path = try await sharded(in: folder)
    let index = "model.safetensors.index.json"
    try SystemCalls.removeFile(Paths.join(path, index))
    try folder.write("model/\(index)", Array(text.utf8))
    let validation = try await Validation(of: path)
    #expect(validation.findings.map(\.rule.id) == ["IDX001"])
    #expect(validation.failure == nil && validation.form == .dense)
    for name in try SystemCalls.list(path) where name.hasSuffix(".safetensors") {
      try SystemCalls.removeFile(Paths.join(path, name))
    }
    let empty = try await Validation(of: path)
    #expect(empty.findings.map(\.rule.id) == ["IDX001"])
    #expect(empty.failure?.code == .malformed && empty.form == nil)
  }

  @Test func aShardThatIsALinkToItself() async throws {
    let folder = try TemporaryFolder()
    let path = try await sharded(in: folder)
    let name = try #require(try SystemCalls.list(path).first { $0.hasSuffix(".safetensors") })
    try SystemCalls.removeFile(Paths.join(path, name))
    try LinkTests.link(Paths.join(path, name), to: name)
    let validation = try await Validation(of: path)
    #expect(validation.findings.map(\.rule.id) == ["FILE004"])
    #expect(validation.findings.first?.location.file == Paths.join(path, name))
    #expect(validation.failure == nil && validation.form == .dense)
  }

  /// Whatever else is not known of the model.
  @Test(arguments: [
    ("qwen3.attention.value_length", GGUFValue.uint32(64)),
    ("general.architecture", .string(ByteString("other"))),
  ])
  func aLayerIsMissing(key: String, value: GGUFValue) async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.set([(key, value)])
    let whole = try await Validation(of: gguf.write(to: folder)).findings
    #expect(!whole.contains { $0.rule == .tensorMissing })
    gguf.tensors.removeAll { $0.name.hasPrefix("blk.1.") }
    let half = try TemporaryFolder()
    let found = try await Validation(of: gguf.write(to: half)).findings.filter {
      $0.rule == .tensorMissing
    }
    #expect(found.map(\.message) == ["layer 1 of 2 has no tensors"])
  }

  @Test func aLayerOfADirectoryIsMissing() async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", ["OtherForCausalLM"])
    directory.tensors.removeAll { $0.name.hasPrefix("model.layers.0.") }
    let found = try await Validation(of: directory.write(to: folder)).findings
    #expect(found.map(\.rule.id).sorted() == ["CFG004", "CFG012"])
    #expect(found.first?.message == "layer 0 of 2 has no tensors")
  }

  /// Where the documents are not there, the tensors are still looked at.
  @Test func aPartOfASplitGGUF() async throws {
    let folder = try TemporaryFolder()
    try await convert(Fixture.path("micro/q1_0.gguf"), .gguf, to: folder("model")) {
      $0.split = GGUFSplitLimits(tensorCount: 10)
    }
    let path = folder("model/model-00002-of-00003.gguf")
    try SystemCalls.removeFile(folder("model/model-00003-of-00003.gguf"))
    let validation = try await Validation(of: path)
    #expect(validation.findings.map(\.rule.id) == ["GGUF025"])
  }

  /// What the configuration puts together in another way is found, and its shapes are not held
  /// against it once more.
  @Test func aGroupSizeThatDoesNotFitIsFoundOnce() async throws {
    let folder = try TemporaryFolder()
    for (fixture, member, rule) in [
      ("micro/mlx", "quantization", Rule.mlxParts),
      ("micro/awq", "quantization_config", .awqGroupSize),
    ] {
      var directory = try EditedDirectory(fixture)
      directory.set(member, directory.config[member]?.with("group_size", 64))
      let path = try directory.write(to: folder, as: Paths.name(of: fixture))
      let found = try await Validation(of: path).findings.filter {
        $0.rule.severity(for: .spec) != .note
      }
      #expect(Set(found.map(\.rule)) == [rule], "\(found.map(\.description))")
    }
  }

  /// What else is wrong with the vocabulary is not known where its size is not.
  @Test func aWrongVocabularyIsOneFinding() async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/fp16")
    directory.set("vocab_size", 99)
    let found = try await Validation(of: directory.write(to: folder)).findings
    #expect(found.map(\.rule) == [.vocabularySize])
  }

  @Test func anArchitectureThatIsANumber() async throws {
    let folder = try TemporaryFolder()
    var builder = GGUFBuilder()
    builder.add("general.architecture", uint32: 1)
    let found = try await Validation(of: folder.write("a.gguf", builder.bytes)).findings
    #expect(found.map(\.rule) == [.configMember])
    #expect(found[0].message.hasSuffix("must be a string, is the uint32 1"))
  }

  /// Faults cost what they count for, however many there are.
  @Test func manyFaultsTakeLinearTime() throws {
    var builder = GGUFBuilder()
    for (key, value) in [("split.no", UInt32(0)), ("split.count", 2), ("split.tensors.count", 0)] {
      builder.add(key, uint32: value)
    }
    builder.infos = Array(repeating: .init("same", [0], 0, at: 0), count: 30_000)
    let bytes = builder.bytes
    var findings = Findings.collecting
    let clock = ContinuousClock()
    let time = try clock.measure {
      let split = try GGUFSplit(
        opening: "m-00001-of-00002.gguf", limits: .standard, &findings
      ) { MemorySource(bytes, name: $0) }
      #expect(split.shards.count == 2)
    }
    #expect(findings.counts["GGUF011"] == 2 * 29_999)
    #expect(findings.counts["GGUF026"] == 4)
    // Quadratic, it takes minutes.
    #expect(time < .seconds(60))
  }

  @Test func headersOnly() async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.edit("blk.0.ffn_up.weight") { $0.setScale(0x7E00, block: 0) }
    var options = Validation.Options()
    let path = try gguf.write(to: folder)
    #expect(try await Validation(of: path, options).worst == .error)
    options.readsWeights = false
    #expect(try await Validation(of: path, options).worst == nil)
  }

  private func sharded(in folder: TemporaryFolder) async throws -> String {
    try await convert(Fixture.path("micro/q1_0.gguf"), .fp16, to: folder("model")) {
      $0.shardByteCount = 200_000
    }
    return folder("model")
  }
}
