import Testing

@testable import Formats

/// Names that no table has, and that look like a layer's and are none: each was once left out without
/// a word.
@Suite("Names that no table knows go along, whatever they look like")
struct UnknownNameTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The number at an end, with zeros before it, too long, its place's own letter, and what differs
  /// from these by little.
  static let names = [
    "pos.0", "weights.0", "0.weight", "blk.00.x.weight", "blk.0.x.weight", "blk.000.x.weight",
    "a.1234567.w", "a.123456.w", "x.N.weight", "x.7.weight", "N.0.weight", "N", "0", "N.weight",
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    let source: ConversionTarget
    let target: ConversionTarget
    let isKnown: Bool
    var testDescription: String {
      "\(source.rawValue) → \(target.rawValue), \(isKnown ? "qwen3" : "unknown")"
    }
  }

  static let cases = ConversionTarget.allCases.flatMap { source in
    ConversionTarget.allCases.filter { $0.isGGUF == source.isGGUF }.flatMap { target in
      [true, false].map { Case(source: source, target: target, isKnown: $0) }
    }
  }
  static let passing = cases.filter { [.fp16, .gguf, .ggufF16].contains($0.source) }

  /// Matrices of ±1, and vectors of ones.
  private static func shape(_ name: String) -> [Int] {
    name.hasSuffix("weight") ? [8, 128] : [128]
  }

  private static func bytes(_ name: String) -> [UInt8] {
    (0..<shape(name).reduce(1, *)).flatMap { [0, $0 % 3 == 0 ? 0xBC : 0x3C] as [UInt8] }
  }

  private func model(_ found: Case) throws -> String {
    guard found.source.isGGUF else {
      var directory = try EditedDirectory("micro/\(found.source.fixture)")
      if !found.isKnown {
        directory.set("architectures", ["MysteryForCausalLM"])
        directory.set("model_type", "mystery")
      }
      directory.tensors += Self.names.map {
        .init(name: $0, type: .f16, shape: Self.shape($0), bytes: Self.bytes($0))
      }
      return try directory.write(to: folder)
    }
    var gguf = try EditedGGUF("micro/\(found.source.fixture)")
    if !found.isKnown { gguf.set([("general.architecture", .text("mystery"))]) }
    gguf.tensors += Self.names.map {
      .init(name: $0, typeID: 1, type: .f16, shape: Self.shape($0), bytes: Self.bytes($0))
    }
    return try gguf.write(to: folder)
  }

  private func check(
    _ source: Model, _ target: ConversionTarget, to name: String,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws {
    var options = ConversionOptions()
    change(&options)
    let report = try await Conversion(of: source, to: target, options: options)
      .run(to: folder(name))
    #expect(report.isProven && report.notes == [])
    let out = try Model(opening: folder(name))
    #expect(Set(out.tensors.map(\.name)) == Set(source.tensors.map(\.name)), "\(name)")
    let wrong = try Self.names.filter { try out.bytes($0, as: .f16) != Self.bytes($0) }
    #expect(wrong == [], "\(name)")
  }

  @Test(arguments: cases) func files(found: Case) async throws {
    let path = try model(found)
    try await check(Model(opening: path), found.target, to: "out")
    try await check(Model(opening: path), found.target, to: "strict") { $0.isStrict = true }
  }

  @Test(arguments: passing) func streams(found: Case) async throws {
    let path = try model(found)
    let bytes = try folder.bytes(
      found.source.isGGUF ? "model.gguf" : "model/model.safetensors")
    let stream = try Model(passing: bytes, configDirectory: found.source.isGGUF ? nil : path)
    try await check(stream, found.target, to: "out")
  }

  @Test(arguments: cases) func resumed(found: Case) async throws {
    let change = { (options: inout ConversionOptions) in
      options.resumes = true
      options.writesModelCard = false
      options.shardByteCount = 50_000
      if found.target.isGGUF { options.split = GGUFSplitLimits(tensorCount: 5) }
    }
    let path = try model(found)
    try await check(Model(opening: path), found.target, to: "out", change)
    // Every second file is there already.
    try folder.makeFolder("other")
    try folder.makeFolder("other/.out.bonsai-fmt-partial")
    let files = try SystemCalls.list(folder("out")).filter { $0.contains("-of-") }
    #expect(files.count > 1)
    for (number, name) in files.enumerated() where number.isMultiple(of: 2) {
      try folder.write("other/.out.bonsai-fmt-partial/\(name)", folder.bytes("out/\(name)"))
    }
    try await check(Model(opening: path), found.target, to: "other/out", change)
    #expect(try folder.differingFiles("out", "other/out") == [])
  }

  @Test(arguments: names) func theyDoNotCross(name: String) async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.tensors.append(
      .init(name: name, type: .f16, shape: Self.shape(name), bytes: Self.bytes(name)))
    let path = try directory.write(to: folder)
    let error = await failure { try await convert(path, .gguf, to: folder("out")) }
    #expect(error?.message == "architecture 'qwen3' has no tensor of this name")
    #expect(error?.location.tensor == name)
  }

  /// A plan that has lost a tensor is no plan, and a proof by such a plan proves nothing.
  @Test func whatIsLostIsMissed() throws {
    let model = try Model(opening: Fixture.path("micro/q1_0.gguf"))
    var plan = TargetPlan(entries: [])
    try plan.checkComplete(model.tensors, of: model)
    let lost = #expect(throws: FormatError.self) {
      try plan.checkComplete(model.tensors.dropFirst(), of: model)
    }
    #expect(lost?.code == .proofFailed && lost?.location.tensor == model.tensors[0].name)
    let twice = #expect(throws: FormatError.self) {
      try plan.checkComplete(model.tensors + model.tensors.prefix(1), of: model)
    }
    #expect(twice?.message.contains("25 tensors, 26 are") == true)
    plan.omitted = [model.tensors[0].name]
    try plan.checkComplete(model.tensors.dropFirst(), of: model)
    #expect(throws: FormatError.self) { try plan.checkComplete(model.tensors, of: model) }
  }
}
