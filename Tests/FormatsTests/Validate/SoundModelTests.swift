import Testing

@testable import Formats

@Suite("Models in which nothing is wrong")
struct SoundModelTests {
  private static let engines: [(ConversionTarget, [Profile])] = [
    (.awq, [.vllm, .transformers]), (.fp16, [.transformers, .vllm, .mlx]), (.mlx, [.mlx]),
    (.gguf, [.llamaCpp]), (.ggufF16, [.llamaCpp]),
  ]

  private func check(_ path: String, _ profiles: [Profile]) async throws {
    for profile in profiles + [.spec] {
      var options = Validation.Options()
      options.profiles = [profile]
      let validation = try await Validation(of: path, options)
      let found = validation.findings.filter { $0.rule.severity(for: profile) != .note }
      #expect(found.map { "\($0.rule.id) \($0.description)" } == [], "\(path) \(profile)")
      #expect(validation.failure == nil)
    }
  }

  @Test(arguments: ["micro", "micro-tied-edge"], engines)
  func references(model: String, engine: (target: ConversionTarget, profiles: [Profile]))
    async throws
  {
    try await check(Fixture.path("\(model)/\(engine.target.fixture)"), engine.profiles)
  }

  @Test(arguments: ["micro", "micro-tied-edge"], engines)
  func whatConvertWrites(model: String, engine: (target: ConversionTarget, profiles: [Profile]))
    async throws
  {
    let folder = try TemporaryFolder()
    for source in ["q1_0.gguf", "awq", "mlx"] {
      let output = folder("\(source)-\(engine.target.rawValue)")
      try await convert(Fixture.path("\(model)/\(source)"), engine.target, to: output)
      try await check(output, engine.profiles)
    }
  }

  @Test func splitAndPacked() async throws {
    let folder = try TemporaryFolder()
    try await convert(Fixture.path("micro/q1_0.gguf"), .gguf, to: folder("split")) {
      $0.split = GGUFSplitLimits(tensorCount: 10)
    }
    try await check(folder("split"), [.llamaCpp])
    for source in ["micro/q1_0.gguf", "micro/awq"] {
      let packing = try Packing(Fixture.path(source), .pack(level: 3))
      let output = folder(source.hasSuffix("awq") ? "awq.zst" : "model.gguf.zst")
      _ = try await packing.run(to: output)
      try await check(output, [])
    }
  }

  @Test func aVocabularyByItself() async throws {
    try await check(Fixture.path("vocab/ggml-vocab-qwen2.gguf"), [])
  }
}
