import Testing

@testable import Formats

@Suite("The metadata of a GGUF file from a Hugging Face directory")
struct GGUFKeysTests {
  /// The header that this library composes for a fixture directory and a file's tensors.
  static func header(
    _ model: String, _ layout: String, like file: GGUFFile, fileType: UInt32, isQuantized: Bool
  ) throws -> [UInt8] {
    let path = Fixture.path("\(model)/\(layout)")
    let documents = try ModelDocuments(directory: path, folder: model)
    let tensors = try Model(opening: path).tensors
    let config = try documents.modelConfig(tensors: tensors)
    try config.check(huggingFace: tensors)
    let metadata = try GGUFMetadata(
      documents: documents, config: config,
      parameterCount: tensors.reduce(0) { $0 + $1.elementCount }, fileType: fileType,
      isQuantized: isQuantized)
    return try GGUFPlan(metadata: metadata, tensors: file.tensors.map { .init($0) }).header
  }

  /// The same from the AWQ and MLX directories: what their files say otherwise (the layout, a list
  /// of `eos_token_id`, a template of its own, no `add_bos_token`) leads to no other key. MLX's
  /// card adds two.
  @Test(
    "The header is llama.cpp's own, byte for byte",
    arguments: ["micro", "micro-tied-edge"], ["fp16", "awq"])
  func header(model: String, layout: String) throws {
    for (name, type, isQuantized) in [("q1_0", UInt32(40), true), ("f16", 1, false)] {
      let path = "\(model)/\(name).gguf"
      let file = try GGUFFile(FileSource(path: Fixture.path(path)))
      let header = try Self.header(
        model, layout, like: file, fileType: type, isQuantized: isQuantized)
      let isEqual = try Fixture.bytes(path).starts(with: header)
      #expect(isEqual, "\(path) from \(layout)")
      #expect(header.count == file.dataOffset)
    }
  }

  @Test(
    "An MLX directory says the same, and what its card says",
    arguments: ["micro", "micro-tied-edge"])
  func mlx(model: String) throws {
    let documents = try ModelDocuments(directory: Fixture.path(model + "/mlx"), folder: model)
    let tensors = try Model(opening: Fixture.path(model + "/mlx")).tensors
    let metadata = try GGUFMetadata(
      documents: documents, config: documents.modelConfig(tensors: tensors),
      parameterCount: tensors.reduce(0) { $0 + $1.elementCount }, fileType: 40)
    let own: Set = ["general.tags", "general.languages"]
    let others = GGUFMetadata(metadata.entries.filter { !own.contains($0.key) })
    let reference = try GGUFFile(FileSource(path: Fixture.path(model + "/q1_0.gguf"))).metadata
    let isEqual =
      try GGUFPlan(metadata: others, tensors: []).header
      == GGUFPlan(metadata: reference, tensors: []).header
    #expect(isEqual)
    #expect(
      try metadata.array("general.tags")?.strings()
        == ["mlx", "text-generation"].map(ByteString.init))
    #expect(try metadata.array("general.languages")?.strings() == [ByteString("en")])
  }
}
