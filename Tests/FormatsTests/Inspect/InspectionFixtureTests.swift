import Testing

@testable import Formats

/// What an inspection says about the fixtures: one model in five forms.
@Suite struct InspectionFixtureTests {
  private static let models = ["micro", "micro-tied-edge"]
  private static let forms = ["q1_0.gguf", "f16.gguf", "fp16", "awq", "mlx"]

  private func inspect(_ path: String) throws -> Inspection {
    try Inspection(Model(opening: Fixture.path(path)))
  }

  @Test(arguments: models, forms)
  func sizes(model: String, form: String) throws {
    let inspection = try inspect("\(model)/\(form)")
    let facts = inspection.architecture
    let isTied = model == "micro-tied-edge"
    #expect(facts.name == "qwen3")
    #expect(facts.layerCount == 2)
    #expect(facts.hiddenSize == 128)
    #expect(facts.intermediateSize == 256)
    #expect([facts.headCount, facts.keyValueHeadCount, facts.headDimension] == [2, 1, 128])
    #expect(facts.vocabularySize == 512)
    #expect(facts.contextLength == 256)
    #expect(facts.tiesEmbeddings == isTied)
    #expect(inspection.total.tensorCount == (isTied ? 24 : 25))
    #expect(inspection.total.weightCount == (isTied ? 459_904 : 525_440))
    #expect(inspection.totalWithoutEmbeddings.weightCount == 394_368)
    #expect(inspection.chatTemplates.map(\.name) == ["default"])
    #expect(inspection.warnings == [])
  }

  @Test(arguments: models, forms)
  func everyTensorHasItsHuggingFaceName(model: String, form: String) throws {
    let names = try inspect("\(model)/\(form)").tensors.map(\.huggingFaceName)
    #expect(!names.contains(nil))
    let reference = try inspect("\(model)/fp16").tensors.map(\.tensor.name)
    let isSame = Set(names.compactMap(\.self)) == Set(reference)
    #expect(isSame)
  }

  @Test(arguments: [
    ("q1_0.gguf", "Q1_0", 16, 1.125), ("f16.gguf", "F16", 16, 16), ("awq", "AWQ-INT4", 14, 4.15625),
    ("mlx", "MLX-1bit", 16, 1.25),
  ])
  func layouts(form: String, layout: String, tensors: Int, bits: Double) throws {
    let layouts = try inspect("micro/\(form)").layouts
    let facts = try #require(layouts.first { $0.layout.name == layout })
    #expect(facts.total.tensorCount == tensors)
    #expect(facts.total.bitsPerWeight == bits)
    #expect((facts.layout.meaning == nil) == (layout == "F16"))
  }

  @Test func partsOfATripleLieWhereTheFileSays() throws {
    let inspection = try inspect("micro/awq")
    let name = "model.layers.0.mlp.down_proj.weight"
    let facts = try #require(inspection.tensors.first { $0.tensor.name == name })
    #expect(facts.tensor.parts.map(\.info.type.name) == ["I32", "I32", "F16"])
    #expect(facts.tensor.byteCount == facts.tensor.parts.reduce(0) { $0 + $1.info.range.count })
    #expect(inspection.zeroPoints == [8])
  }

  @Test func servingStopsAtTheHeads() throws {
    let serving = try #require(try inspect("micro/awq").serving)
    #expect(serving.plainSizes == [1, 2])
    #expect(serving.plainObstacle == .init(size: 4, reason: "2 heads"))
    #expect(try inspect("micro/mlx").serving == nil)
  }

  @Test func aVocabularyIsShortened() throws {
    let entries = try inspect("vocab/ggml-vocab-qwen2.gguf").metadata
    let tokens = try #require(entries.first { $0.key == "tokenizer.ggml.tokens" })
    #expect(tokens.count == 151_936)
    guard case .shortened(let first) = try tokens.value() else {
      Issue.record("the array is whole")
      return
    }
    #expect(first.count == Inspection.MetadataEntry.keptCount)
    #expect(first.first == "!")
  }
}
