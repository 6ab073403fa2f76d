import Testing

@testable import Formats

@Suite("A tied model that stores its output matrix once more, in another layout")
struct RepeatedEmbeddingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let modules = ["model.embed_tokens", "lm_head"]

  /// The micro model tied, with the embedding as its output matrix.
  private func tied() throws -> EditedDirectory {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("tie_word_embeddings", true)
    let embedding = try #require(directory.tensor("model.embed_tokens.weight"))
    directory.edit("lm_head.weight") { $0.bytes = embedding.bytes }
    return directory
  }

  private func wide(_ change: (inout EditedDirectory.Tensor) -> Void = { _ in }) throws
    -> EditedDirectory
  {
    var directory = try tied()
    directory.edit("lm_head.weight") { tensor in
      var writer = ByteWriter()
      for index in 0..<tensor.bytes.count / 2 {
        writer.append(HalfPrecision.widen(tensor[half: index]))
      }
      tensor.type = .f32
      tensor.bytes = writer.bytes
      change(&tensor)
    }
    return directory
  }

  /// The same with the output matrix in AWQ's arrays beside a dense embedding.
  private func packed() throws -> EditedDirectory {
    var directory = try tied()
    let embedding = try #require(directory.tensor("model.embed_tokens.weight"))
    let shape = MatrixShape(embedding.shape)
    let bytes = try LayoutLawTests.convert(embedding.bytes, from: .f16, to: .awq, shape.whole)
    var start = 0
    directory.tensors.removeAll { $0.name == "lm_head.weight" }
    for part in Layout.awq.parts {
      let end = start + part.byteCount(of: shape)
      directory.tensors.append(
        .init(
          name: "lm_head." + part.suffix, type: part.type,
          shape: part.storedShape(of: embedding.shape), bytes: Array(bytes[start..<end])))
      start = end
    }
    let quantization = try EditedDirectory("micro/awq").config["quantization_config"]
    directory.set("quantization_config", quantization)
    return directory
  }

  private func convertTied(
    _ directory: EditedDirectory, _ target: ConversionTarget
  ) async throws -> (isStored: Bool, isTied: JSONValue?) {
    let path = try directory.write(to: folder)
    let (out, report) = try await convert(path, target, to: folder("out"))
    #expect(report.fingerprint == (try await Model(opening: path).fingerprint()))
    let isStored = out.tensor(named: "lm_head.weight") != nil
    let note = "lm_head.weight is left out: it is the embedding once more"
    #expect(report.notes == (isStored ? [] : [note]))
    let config = try JSONValue(parsing: folder.bytes("out/config.json"), name: "config.json")
    return (isStored, config["tie_word_embeddings"])
  }

  @Test(arguments: [ConversionTarget.fp16, .awq, .mlx])
  func f32(target: ConversionTarget) async throws {
    let found = try await convertTied(wide(), target)
    #expect(!found.isStored && found.isTied == true)
  }

  @Test func awq() async throws {
    let found = try await convertTied(packed(), .mlx)
    #expect(!found.isStored && found.isTied == true)
  }

  @Test func oneOtherSignMakesItAnotherMatrix() async throws {
    let found = try await convertTied(wide { $0.bytes[1000 * 4 + 3] ^= 0x80 }, .fp16)
    #expect(found.isStored && found.isTied == false)
  }

  /// A GGUF cannot say that its output matrix is the embedding once more.
  @Test func byWayOfGGUFItIsUntied() async throws {
    let path = try wide().write(to: folder)
    let (gguf, _) = try await convert(path, .gguf, to: folder("gguf"))
    #expect(gguf.tensor(named: "output.weight") != nil)
    let (back, report) = try await convert(folder("gguf"), .fp16, to: folder("back"))
    #expect(back.tensor(named: "lm_head.weight") != nil)
    #expect(report.fingerprint == (try await Model(opening: path).fingerprint()))
    let config = try JSONValue(parsing: folder.bytes("back/config.json"), name: "config.json")
    #expect(config["tie_word_embeddings"] == false)
  }
}
