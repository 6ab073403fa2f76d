import Testing

@testable import Formats

@Suite("A plan says what a conversion then does")
struct ConversionOutlineTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: FingerprintTests.forms, ConversionTarget.allCases)
  func filesAreThoseOfTheRun(form: String, target: ConversionTarget) async throws {
    let model = try Model(opening: Fixture.path("micro/\(form)"))
    let conversion = try Conversion(of: model, to: target)
    let outline = try conversion.outline(to: folder("out"))
    #expect(try folder.names == [])
    let report = try await conversion.run(to: folder("out"))
    #expect(outline.files.map(\.name).sorted() == report.files.map(\.name).sorted())
    for file in report.files where file.name != "README.md" || form != "q1_0.gguf" {
      let planned = outline.files.first { $0.name == file.name }?.byteCount
      #expect(planned == nil || planned == file.byteCount, "\(file.name)")
    }
    #expect(outline.ways.reduce(0) { $0 + $1.weightCount } == report.weightCount)
    #expect(outline.neededByteCount >= report.byteCount)
  }

  /// A plan is refused for its place as the run would be.
  @Test func thePlaceIsLookedAt() async throws {
    let path = try folder.write("in.gguf", Fixture.bytes("micro/q1_0.gguf"))
    try folder.write("out.gguf", [1])
    try folder.makeFolder("other")
    try folder.write("other/notes.txt", [1])
    var options = ConversionOptions()
    let cases: [(String, Bool, String?)] = [
      ("out.gguf", false, "exists already; --force replaces it"), ("out.gguf", true, nil),
      ("other", true, "is no file, and only a file can be replaced by one"),
      ("in.gguf", true, "the output is the input"), ("new.gguf", false, nil),
      ("no/out.gguf", false, "there is no directory"), ("..", false, "needs a name of its own"),
    ]
    for (name, replaces, said) in cases {
      options.replaces = replaces
      let conversion = try Conversion(of: Model(opening: path), to: .ggufF16, options: options)
      let place = folder(name)
      let planned = message { () throws(FormatError) in _ = try conversion.outline(to: place) }
      #expect((planned == nil) == (said == nil), "\(name): \(planned ?? "planned")")
      guard let said else { continue }
      #expect(planned?.contains(said) == true, "\(name): \(planned ?? "")")
      let run = await failure { _ = try await conversion.run(to: place) }
      #expect(run?.description == planned, "\(name)")
    }
    #expect(try folder.names.sorted() == ["in.gguf", "other", "out.gguf"])
  }

  @Test func aScanSaysWhatIsRefused() async throws {
    var gguf = try EditedGGUF()
    gguf.edit("token_embd.weight") { $0.setScale(0x7C00, block: 3) }
    gguf.edit("token_embd.weight") { $0.setScale(0x7E00, block: 7) }
    let model = try Model(opening: gguf.write(to: folder))
    let refusals = try await Conversion(of: model, to: .awq).scan()
    #expect(refusals.map(\.tensor) == ["token_embd.weight"])
    #expect(refusals.map(\.count) == [2])
    #expect(refusals.map(\.consequence) == [.refused])
  }

  @Test func subnormalsAreTakenWhereThatIsAllowed() async throws {
    var bytes = try Fixture.bytes("micro/mlx/model.safetensors")
    let file = try SafetensorsFile(MemorySource(bytes, name: "mlx"))
    let name = "model.layers.0.mlp.up_proj"
    let places = try ["scales", "biases"].map { part in
      try #require(file.tensors.first { $0.name == "\(name).\(part)" }).range.lowerBound
    }
    // A bias of 3 × 2⁻²⁴ and a scale of 7 × 2⁻²⁴.
    bytes.replaceSubrange(places[0]..<places[0] + 2, with: [7, 0])
    bytes.replaceSubrange(places[1]..<places[1] + 2, with: [3, 0x80])
    try folder.makeFolder("in")
    for name in ["config.json", "tokenizer.json", "tokenizer_config.json"] {
      try folder.write("in/\(name)", try Fixture.bytes("micro/mlx/\(name)"))
    }
    let input = folder("in")
    try folder.write("in/model.safetensors", bytes)
    for target in [ConversionTarget.awq, .fp16] {
      var options = ConversionOptions()
      let output = folder("\(target)")
      let refused = await failure {
        _ = try await Conversion(of: Model(opening: input), to: target, options: options).run(
          to: output)
      }
      #expect(refused?.code == .notExact)
      options.toleratesSubnormals = true
      let conversion = try Conversion(of: Model(opening: input), to: target, options: options)
      #expect(try await conversion.scan().map(\.consequence) == [.tolerated])
      let report = try await conversion.run(to: output)
      #expect(report.toleratedGroupCount == 1)
      #expect(report.isProven)
      let source = try await Model(opening: input).fingerprint(toleratingSubnormals: true)
      #expect(report.fingerprint == source)
      #expect(try await Model(opening: output).fingerprint() == source)
    }
  }
}
