import Testing

@testable import Formats

@Suite struct PackingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    "micro/q1_0.gguf", "micro/f16.gguf", "micro-tied-edge/q1_0.gguf",
    "vocab/ggml-vocab-qwen2.gguf", "micro/awq/model.safetensors",
  ])
  func filesComeBack(_ name: String) async throws {
    let packed = folder("m.zst")
    let report = try await Packing(Fixture.path(name), .pack(level: 3)).run(to: packed)
    #expect(report.files.map(\.isChanged) == [true])
    #expect(report.byteCount == (try FileSource(path: packed).byteCount))
    let back = folder("m")
    #expect(try Packing(packed, .unpack).defaultOutput() == back)
    try await Packing(packed, .unpack).run(to: back)
    let same = try folder.bytes("m") == Fixture.bytes(name)
    #expect(same)
    #expect(try folder.names == ["m", "m.zst"])
  }

  @Test(arguments: ["micro/fp16", "micro/awq", "micro-tied-edge/mlx"])
  func directoriesComeBack(_ name: String) async throws {
    let original = Fixture.path(name)
    let packed = folder("packed")
    try await Packing(original, .pack(level: 1)).run(to: packed)
    let model = try Model(opening: packed)
    #expect(model.files.map(\.source.access) == [.framed])
    let (theirs, ours) = (try Model(opening: original), model)
    #expect(try await ours.fingerprint() == theirs.fingerprint())
    let back = folder("back")
    try await Packing(packed, .unpack).run(to: back)
    let names = try SystemCalls.list(original)
    #expect(try SystemCalls.list(back) == names)
    for file in names {
      let same = try folder.bytes("back/\(file)") == Fixture.bytes("\(name)/\(file)")
      #expect(same, "\(file)")
    }
  }

  @Test func furtherTemplatesComeAlong() async throws {
    let path = try folder.copy("micro/fp16", as: "m")
    let name = "additional_chat_templates/rag.jinja"
    try folder.makeFolder("m/additional_chat_templates")
    try folder.write("m/" + name, Array("text".utf8))
    try await convert(path, .fp16, to: folder("direct")) { $0.compression = .zstd(level: 1) }
    try await convert(path, .fp16, to: folder("plain"))
    let report = try await Packing(folder("plain"), .pack(level: 1)).run(to: folder("packed"))
    #expect(report.notes == [] && report.files.contains { $0.name == name && !$0.isChanged })
    #expect(try SystemCalls.list(folder("packed")) == SystemCalls.list(folder("direct")))
    #expect(try folder.text("packed/" + name) == folder.text("direct/" + name))
    try await Packing(folder("packed"), .unpack).run(to: folder("back"))
    #expect(try folder.text("back/" + name) == "text")
  }

  /// Names do not say what is compressed.
  @Test func aPlainNameIsUnpackedToo() async throws {
    let plain = Fixture.path("micro/awq")
    try await Packing(plain + "/model.safetensors", .pack(level: 1)).run(to: folder("weights"))
    let path = try folder.copy("micro/awq", as: "m", leavingOut: ["model.safetensors"])
    try folder.write("m/model.safetensors", folder.bytes("weights"))
    try await Packing(path, .unpack).run(to: folder("back"))
    #expect(try SystemCalls.list(folder("back")) == SystemCalls.list(plain))
    let same =
      try folder.bytes("back/model.safetensors") == Fixture.bytes("micro/awq/model.safetensors")
    #expect(same)
  }

  /// A model split into several files is such a folder, and may have such a name.
  @Test func aFolderStaysBehindWhateverItsName() async throws {
    let path = try folder.copy("micro/fp16", as: "m")
    try folder.makeFolder("m/more.gguf")
    let report = try await Packing(path, .pack(level: 1)).run(to: folder("packed"))
    #expect(report.notes == ["more.gguf is no file and stays behind"])
  }

  @Test(arguments: [
    ("micro/f16.gguf", ConversionTarget.awq), ("micro/awq", .gguf), ("micro/fp16", .mlx),
    ("micro/mlx", .fp16),
  ])
  func packedModelsConvert(_ name: String, _ target: ConversionTarget) async throws {
    let packed = folder("packed")
    try await Packing(Fixture.path(name), .pack(level: 3)).run(to: packed)
    let conversion = try Conversion(of: Model(opening: packed), to: target)
    let report = try await conversion.run(to: folder("converted"))
    let expected = try await Model(opening: Fixture.path(name)).fingerprint()
    #expect(report.isProven && report.fingerprint == expected)
  }

  @Test func streamsAreInspectedAndUnpacked() async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let path = try folder.write("stream", Packed.silent(bytes))
    let model = try Model(opening: path)
    #expect(try Inspection(model).files.map(\.access) == [.forward])
    let refused = await failure { _ = try await model.fingerprint() }
    #expect(
      refused?.message.contains("'bonsai-fmt unpack' makes a file of it that can be read") == true)
    try await Packing(path, .unpack).run(to: folder("m.gguf"))
    let same = try folder.bytes("m.gguf") == bytes
    #expect(same)
  }

  /// What would come after the byte that is too many is never seen, not even that it is no zstd.
  @Test func unpackingEndsOneByteBeyondTheHeader() async throws {
    let bytes = Packed.plain(try Fixture.bytes("micro/mlx/model.safetensors"))
    let rubbish = [UInt8](repeating: 0xFF, count: 40)
    for (name, more, said) in [
      ("one", Packed.plain([7]), "and more follow"), ("none", [], "needed a zstd frame"),
    ] {
      let path = try folder.write("\(name).zst", bytes + more + rubbish)
      let error = await failure { _ = try await Packing(path, .unpack).run(to: folder("out")) }
      #expect(
        error?.code == .malformed && error?.message.contains(said) == true,
        "\(name): \(error?.description ?? "")")
    }
    #expect(try folder.tree("out") == nil)
  }

  @Test func packingSaysHowManyBytesAreTooMany() async throws {
    let path = try folder.write("m.gguf", Fixture.bytes("micro/q1_0.gguf") + [1, 2, 3])
    let error = await failure { _ = try await Packing(path, .pack(level: 3)).run(to: folder("o")) }
    #expect(error?.message.hasSuffix("bytes, and 3 more follow") == true)
    #expect(try folder.tree("o") == nil)
  }

  @Test("Without a seek table a file is converted in one pass")
  func streamsConvert() async throws {
    for (name, target) in [("q1_0.gguf", ConversionTarget.awq), ("fp16", .gguf)] {
      let isFile = name.hasSuffix(".gguf")
      let source = isFile ? "micro/\(name)" : "micro/\(name)/model.safetensors"
      let bytes = try Packed.silent(Fixture.bytes(source))
      let config = Fixture.path("micro/fp16")
      let path = try folder.write(name, bytes)
      let model = try Model(opening: path, configDirectory: isFile ? nil : config)
      var options = ConversionOptions()
      options.writesModelCard = false
      let out = folder("out-\(name)")
      let report = try await Conversion(of: model, to: target, options: options).run(to: out)
      #expect(report.isProven)
      try await convert(Fixture.path("micro/\(name)"), target, to: folder("expected-\(name)")) {
        $0.writesModelCard = false
      }
      #expect(try folder.differingFiles("expected-\(name)", "out-\(name)") == [])
    }
  }

  @Test func shardsMayBePackedByThemselves() async throws {
    let original = Fixture.path("micro/fp16")
    let directory = try folder.makeFolder("model")
    let name = "model-00001-of-00001.safetensors"
    let packing = try Packing(original + "/model.safetensors", .pack(level: 3))
    try await packing.run(to: Paths.join(directory, name + ".zst"))
    let tensors = try Model(opening: original).tensors
    let map = tensors.map { "\"\($0.name)\":\"\(name)\"" }.joined(separator: ",")
    try folder.write("model/\(SafetensorsIndex.fileName)", Array("{\"weight_map\":{\(map)}}".utf8))
    try folder.write("model/config.json", Fixture.bytes("micro/fp16/config.json"))
    let model = try Model(opening: directory)
    #expect(model.files.map(\.name) == [name])
    let (ours, theirs) = (model, try Model(opening: original))
    #expect(try await ours.fingerprint() == theirs.fingerprint())
  }

  @Test func splitsMayBePackedByThemselves() throws {
    func shard(_ index: UInt16, _ tensor: String) -> [UInt8] {
      var builder = GGUFBuilder()
      builder.add("split.no", 2, builder.encoded(index))
      builder.add("split.count", 2, builder.encoded(UInt16(2)))
      builder.add("split.tensors.count", 5, builder.encoded(Int32(2)))
      builder.infos = [.init(tensor, [8], 0, at: 0)]
      builder.data = [UInt8](repeating: 1, count: 32)
      return builder.bytes
    }
    let first = try folder.write("m-00001-of-00002.gguf.zst", Packed.plain(shard(0, "a")))
    let second = try folder.write("m-00002-of-00002.gguf.zst", Packed.plain(shard(1, "b")))
    for path in [first, second] {
      #expect(try Model(opening: path).tensors.map(\.name) == ["a", "b"])
    }
  }
}

@Suite struct PackingRefusalTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func refusal(
    _ path: String, _ direction: Packing.Direction, to output: String = "out"
  ) async throws -> FormatError? {
    let error = await #expect(throws: FormatError.self) {
      try await Packing(path, direction).run(to: folder(output))
    }
    let names = try folder.names.filter { $0.hasPrefix(".") }
    #expect(names == [])
    return error
  }

  @Test func whatIsNotForIt() async throws {
    let plain = Fixture.path("micro/q1_0.gguf")
    let packed = try folder.write("m.zst", Packed.plain(Fixture.bytes("micro/q1_0.gguf")))
    #expect(try await refusal(packed, .pack(level: 3))?.message == "is compressed already")
    #expect(try await refusal(plain, .unpack)?.message == "is no zstd file")
    #expect(try await refusal(plain, .pack(level: 0))?.code == .usage)
    #expect(try await refusal(plain, .pack(level: 23))?.code == .usage)
    #expect(try await refusal(folder("none"), .unpack)?.code == .notFound)
    #expect(try await refusal(plain, .pack(level: 3), to: "m.zst")?.code == .exists)
    let other = Fixture.path("zstd/one.zst")
    #expect(try await refusal(other, .unpack)?.message.contains("neither GGUF") == true)
    let vocab = Fixture.path("vocab")
    let said = try await refusal(vocab, .unpack)
    #expect(said?.message.contains("no .safetensors.zst or .gguf.zst") == true)
    let name = #expect(throws: FormatError.self) { try Packing(plain, .unpack).defaultOutput() }
    #expect(name?.code == .usage)
  }

  @Test func twoFilesOfOneName() async throws {
    try folder.write("a.gguf", [1])
    try folder.write("a.gguf.zst", [1])
    let error = #expect(throws: FormatError.self) { try Packing(folder("."), .pack(level: 3)) }
    #expect(error?.message.contains("would become a.gguf.zst too") == true)
  }

  /// Both ways of reading are bound by the header within, whatever the frames say.
  @Test func contentBeyondItsHeader() async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let bomb = [UInt8](repeating: 0, count: 1 << 24)
    let frames = [Packed.plain(bytes)] + [[UInt8]](repeating: Packed.plain(bomb), count: 70)
    let stream = try folder.write("stream.zst", frames.flatMap { $0 })
    let table = try folder.write(
      "table.zst",
      Packed.seekable(frames, contents: [bytes.count] + frames.dropFirst().map { _ in 1 << 24 }))
    for path in [stream, table] {
      let error = try await refusal(path, .unpack)
      #expect(error?.code == .malformed)
      #expect(error?.message.contains("the header describes \(bytes.count) bytes") == true)
    }
    let plain = try folder.write("long.gguf", bytes + [0])
    #expect(try await refusal(plain, .pack(level: 3))?.code == .malformed)
  }

  @Test func contentThatEndsEarly() async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let cut = Array(bytes.dropLast(100))
    let stream = try folder.write("stream.zst", Packed.plain(cut))
    let table = try folder.write(
      "table.zst", Packed.seekable([Packed.plain(cut)], contents: [cut.count]))
    for path in [stream, table] {
      let error = try await refusal(path, .unpack)
      #expect(error?.code == .truncated, "\(error as Any)")
    }
  }

  @Test func framesThatAreDamaged() async throws {
    let packed = folder("packed")
    try await Packing(Fixture.path("micro/f16.gguf"), .pack(level: 3)).run(to: packed)
    var bytes = try folder.bytes("packed")
    bytes[150_000] ^= 0x10
    let table = try folder.write("table.zst", bytes)
    let stream = try folder.write("stream.zst", bytes.dropLast(12))
    #expect(try await refusal(table, .unpack)?.code == .malformed)
    #expect(try await refusal(stream, .unpack)?.code == .malformed)
  }
}
