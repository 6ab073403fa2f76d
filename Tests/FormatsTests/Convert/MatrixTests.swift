import Testing

@testable import Formats

@Suite("Every layout into every other, against the fixtures that others wrote")
struct MatrixTests {
  static let models = ["micro", "micro-tied-edge"]
  static let pairs = ConversionTarget.allCases.flatMap { source in
    ConversionTarget.allCases.filter { $0 != source }.map { Pair(source: source, target: $0) }
  }

  struct Pair: Sendable, CustomTestStringConvertible {
    let source: ConversionTarget
    let target: ConversionTarget
    var testDescription: String { "\(source.rawValue) → \(target.rawValue)" }
  }

  /// mlx's groups of one sign are stored in a form of their own: their values are to be the same.
  private func comparesValues(_ target: ConversionTarget, _ model: String) -> Bool {
    target == .mlx && model == "micro-tied-edge"
  }

  /// Files that only their own writer's order of tensors could make different.
  private func isTheVeryFile(_ target: ConversionTarget) -> Bool {
    target == .awq || target == .fp16
  }

  @Test(arguments: models, pairs) func thereAndBack(model: String, pair: Pair) async throws {
    let folder = try TemporaryFolder()
    let (source, target) = (pair.source, pair.target)
    let input = Fixture.path("\(model)/\(source.fixture)")
    let (there, report) = try await convert(input, target, to: folder("there")) {
      $0.verifies = model == "micro-tied-edge"
    }
    let reference = try Model(opening: Fixture.path("\(model)/\(target.fixture)"))
    #expect(report.notes == [])
    #expect(there.form == reference.form)
    #expect(try there.differences(from: reference, byValue: comparesValues(target, model)) == [])
    if isTheVeryFile(target) {
      let name = "model.safetensors"
      let same =
        try folder.bytes("there/\(name)") == Fixture.bytes("\(model)/\(target.fixture)/\(name)")
      #expect(same)
    }
    let (back, _) = try await convert(folder("there"), source, to: folder("back")) {
      $0.verifies = false
    }
    let original = try Model(opening: input)
    #expect(try back.differences(from: original, byValue: comparesValues(source, model)) == [])
  }

  @Test("Two runs, in one task and in three, write the same", arguments: pairs)
  func twoRuns(pair: Pair) async throws {
    // The others are compared with the fixtures' files, byte for byte.
    guard !isTheVeryFile(pair.target) else { return }
    let folder = try TemporaryFolder()
    for width in [1, 3] {
      try await convert(
        Fixture.path("micro/\(pair.source.fixture)"), pair.target, to: folder("\(width)")
      ) {
        $0.budget.width = width
        $0.verifies = false
      }
    }
    #expect(try folder.differingFiles("1", "3") == [])
  }

  /// llama.cpp names a model after its folder.
  @Test("The very file of llama-quantize", arguments: models, [ConversionTarget.fp16, .awq])
  func gguf(model: String, source: ConversionTarget) async throws {
    let folder = try TemporaryFolder()
    let input = try folder.copy("\(model)/\(source.fixture)", as: model)
    try await convert(input, .gguf, to: folder("out.gguf"))
    let same = try folder.bytes("out.gguf") == Fixture.bytes("\(model)/q1_0.gguf")
    #expect(same)
  }

  @Test("Into itself: the same bytes, in as many files as wanted", arguments: models)
  func intoItself(model: String) async throws {
    for target in ConversionTarget.allCases {
      let folder = try TemporaryFolder()
      let input = Fixture.path("\(model)/\(target.fixture)")
      let (out, _) = try await convert(input, target, to: folder("out")) {
        $0.shardByteCount = 40_000
      }
      #expect(try out.differences(from: Model(opening: input)) == [])
      let kept = target.isGGUF ? "" : "/tokenizer.json"
      let same =
        try folder.bytes("out" + kept) == Fixture.bytes("\(model)/\(target.fixture)\(kept)")
      #expect(same, "\(target.rawValue)")
      #expect(target.isGGUF || out.files.count > 1)
    }
  }
}
