import Testing

@testable import Formats

@Suite("A GGUF in several files")
struct SplitConversionTests {
  static let models = ["micro", "micro-tied-edge"]
  /// A tensor each; some of them; sizes that cut within layers; all in one file.
  static let limits: [GGUFSplitLimits] = [
    .init(tensorCount: 1), .init(tensorCount: 7), .init(byteCount: 1), .init(byteCount: 20_000),
    .init(byteCount: 30_000, tensorCount: 4), .init(byteCount: 1 << 30),
  ]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func split(
    _ input: String, _ target: ConversionTarget = .gguf, to output: String = "split",
    _ limits: GGUFSplitLimits = .init(tensorCount: 7),
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> (model: Model, report: ConversionReport) {
    try await convert(input, target, to: folder(output)) {
      $0.split = limits
      change(&$0)
    }
  }

  @Test("Cut and put together again: the same file", arguments: models, limits)
  func thereAndBack(model: String, limits: GGUFSplitLimits) async throws {
    for target in [ConversionTarget.gguf, .ggufF16] {
      let folder = try TemporaryFolder()
      let input = Fixture.path("\(model)/\(target.fixture)")
      let (there, report) = try await convert(input, target, to: folder("split")) {
        $0.split = limits
      }
      #expect(report.isProven)
      #expect(report.fingerprint == (try await Model(opening: input).fingerprint()))
      #expect(try await there.fingerprint() == report.fingerprint)
      #expect(try there.differences(from: Model(opening: input)) == [])
      try await convert(folder("split"), target, to: folder("back"))
      let same = try folder.bytes("back") == Fixture.bytes("\(model)/\(target.fixture)")
      #expect(same)
    }
  }

  @Test("Into every layout: the files that one file gives", arguments: ConversionTarget.allCases)
  func intoEveryLayout(target: ConversionTarget) async throws {
    _ = try await split(Fixture.path("micro/q1_0.gguf"), to: "split")
    for (input, output) in [(folder("split"), "a"), (Fixture.path("micro/q1_0.gguf"), "b")] {
      try await convert(input, target, to: folder(output)) { $0.writesModelCard = false }
    }
    #expect(try folder.differingFiles("a", "b") == [])
  }

  @Test("Out of every layout: what one file holds", arguments: models, ConversionTarget.allCases)
  func outOfEveryLayout(model: String, source: ConversionTarget) async throws {
    let input = Fixture.path("\(model)/\(source.fixture)")
    let (there, _) = try await split(input, to: "split")
    let (whole, _) = try await convert(input, .gguf, to: folder("whole"))
    #expect(there.files.count > 2)
    #expect(there.tensors.map(\.name) == whole.tensors.map(\.name))
    #expect(try there.differences(from: whole) == [])
    try await convert(folder("split"), .gguf, to: folder("back"))
    #expect(try folder.differingFiles("back", "whole") == [])
  }

  @Test("A split model is cut anew, without a trace of the old cuts") func again() async throws {
    _ = try await split(Fixture.path("micro/q1_0.gguf"), to: "old", .init(tensorCount: 3))
    _ = try await split(folder("old"), to: "x")
    let first = Paths.join(folder("old"), "old-00002-of-00009.gguf")
    _ = try await split(first, to: "x.gguf")
    _ = try await split(Fixture.path("micro/q1_0.gguf"), to: "y")
    let names = try SystemCalls.list(folder("y"))
    #expect(names.count == 4 && names[0] == "y-00001-of-00004.gguf")
    for other in ["x", "x.gguf"] {
      for name in names {
        let same = try folder.bytes("y/\(name)") == folder.bytes("\(other)/x\(name.dropFirst())")
        #expect(same, "\(other) \(name)")
      }
    }
  }

  @Test("Files within the limit, as planned and as reported") func plans() async throws {
    let limit = 20_000
    let model = try Model(opening: Fixture.path("micro/q1_0.gguf"))
    var options = ConversionOptions()
    options.split = .init(byteCount: limit)
    let conversion = try Conversion(of: model, to: .gguf, options: options)
    let planned = try conversion.outline(to: folder("out.gguf")).files
    #expect(try folder.names == [])
    let report = try await conversion.run(to: folder("out.gguf"))
    #expect(try folder.names == ["out.gguf"])
    #expect(report.files.map(\.name) == planned.map(\.name))
    #expect(report.files.map(\.byteCount) == planned.map(\.byteCount))
    #expect(report.files.map(\.name) == (try SystemCalls.list(folder("out.gguf"))))
    let out = try Model(opening: folder("out.gguf"))
    #expect(out.path == folder("out.gguf"))
    #expect(out.gguf?.shards.count == report.files.count)
    for (shard, file) in zip(out.gguf?.shards ?? [], report.files) {
      #expect(file.name.hasPrefix("out-0000") && shard.source.byteCount == file.byteCount)
      #expect(shard.tensors.count == 1 || file.byteCount - shard.dataOffset <= limit)
    }
  }

  @Test("One file is numbered too, and says so") func oneFile() async throws {
    let (out, report) = try await split(
      Fixture.path("micro/q1_0.gguf"), to: "out", .init(byteCount: 1 << 30))
    #expect(report.files.map(\.name) == ["out-00001-of-00001.gguf"])
    #expect(try out.gguf?.shards.first?.metadata.integer("split.count") == 1)
    #expect(out.gguf?.metadata["split.count"] == nil)
  }

  @Test("A weight that refutes the plan leads to another, split as well")
  func replanning() async throws {
    var gguf = try EditedGGUF("micro/f16.gguf")
    gguf.edit("token_embd.weight") { $0.bytes[0] ^= 1 }
    let (out, report) = try await split(gguf.write(to: folder), to: "out")
    #expect(report.notes.count == 1)
    #expect(out.files.count == 4 && out.tensor(named: "token_embd.weight")?.layout == .f16)
  }

  @Test func replacing() async throws {
    let input = Fixture.path("micro/q1_0.gguf")
    _ = try await split(input, to: "out")
    let refused = await failure { _ = try await split(input, to: "out") }
    #expect(refused?.code == .exists)
    _ = try await split(input, to: "out", .init(tensorCount: 20)) { $0.replaces = true }
    let names = try SystemCalls.list(folder("out"))
    #expect(names == ["out-00001-of-00002.gguf", "out-00002-of-00002.gguf"])
    // Not a directory that holds anything else, or another model.
    for other in ["notes.txt", "model.gguf", "o-00001-of-00002.gguf"] {
      try folder.write("out/\(other)", [])
      let refused = await failure { _ = try await split(input, to: "out") { $0.replaces = true } }
      #expect(refused?.code == .exists, "\(other)")
      try SystemCalls.removeFile(folder("out/\(other)"))
    }
  }

  @Test func directories() async throws {
    _ = try await split(Fixture.path("micro/q1_0.gguf"), to: "m")
    try folder.write("m/README.md", [])
    #expect(try Model(opening: folder("m")).files.count == 4)
    try folder.write("m/mmproj.gguf", [])
    #expect(
      message { () throws(FormatError) in _ = try Model(opening: folder("m")) }
        == "\(folder("m")): the directory holds more than one GGUF model: give the path of a "
        + "file, such as 'm-00001-of-00004.gguf' or 'mmproj.gguf'")
    try SystemCalls.removeFile(folder("m/mmproj.gguf"))
    try SystemCalls.removeFile(folder("m/m-00001-of-00004.gguf"))
    let missing = await failure { _ = try Model(opening: folder("m")) }
    #expect(missing?.code == .notFound)
    #expect(missing?.description.contains("m/m-00001-of-00004.gguf") == true)
    // Safetensors come first: the directory is a model's repository.
    _ = try folder.copy("micro/awq", as: "awq")
    try folder.write("awq/x-00001-of-00001.gguf", [])
    #expect(try Model(opening: folder("awq")).form == .awq)
  }
}
