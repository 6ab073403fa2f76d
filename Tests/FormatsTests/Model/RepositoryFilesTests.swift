import Testing

@testable import Formats

@Suite("Files beside the weights, against those of transformers, tokenizers and AutoAWQ")
struct RepositoryFilesTests {
  static func files(
    _ relative: String, awq: Bool
  ) throws -> [(name: String, bytes: [UInt8])] {
    let (metadata, tensors) = try MetadataReader.read(relative)
    let config = try ModelConfig(metadata: metadata, tensors: tensors)
    try config.check(gguf: tensors)
    return try RepositoryFiles.make(
      metadata: metadata, config: config, layout: awq ? .awq(modulesToNotConvert: nil) : .dense,
      card: nil
    ).map { ($0.name, try $0.bytes()) }
  }

  /// A document may be as large as a header, and the disk slow.
  @Test func writingEndsWithItsTask() async throws {
    let file = RepositoryFile("template") { (sink) throws(FormatError) in
      try sink([UInt8](repeating: 1, count: 5 << 20))
    }
    let task = Task {
      var byteCount = 0
      let error = await failure {
        try file.write { (piece) throws(FormatError) in
          byteCount += piece.count
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      return (byteCount, error?.code)
    }
    let (byteCount, code) = await task.value
    #expect(byteCount == 1 << 20)
    #expect(code == .cancelled)
    #expect(try file.bytes().count == 5 << 20)
  }

  @Test(
    "Every file is, byte for byte, the one that the weights were published with",
    arguments: ["micro", "micro-tied-edge"], [true, false])
  func golden(model: String, awq: Bool) throws {
    let files = try Self.files("\(model)/q1_0.gguf", awq: awq)
    #expect(
      files.map(\.name) == [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json",
      ])
    for file in files {
      var expected = try Fixture.bytes("\(model)/\(awq ? "awq" : "fp16")/\(file.name)")
      // AutoAWQ's script of the fixture leaves out the last line break of this one.
      if awq, file.name == "config.json" { expected.append(UInt8(ascii: "\n")) }
      #expect(
        String(decoding: file.bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self),
        "\(file.name)")
      #expect(file.bytes == expected, "\(file.name)")
    }
  }

  @Test("A tokenizer that comes from elsewhere is not looked at")
  func withoutTokenizer() throws {
    let (metadata, tensors) = try MetadataReader.read("micro/q1_0.gguf")
    let other = metadata.with([("tokenizer.ggml.pre", .text("llama-bpe"))])
    let config = try ModelConfig(metadata: other, tensors: tensors)
    let files = try RepositoryFiles.make(
      metadata: other, config: config, layout: .dense, rebuildsTokenizer: false,
      card: .init(source: "micro.gguf"))
    #expect(files.map(\.name) == ["config.json", "generation_config.json", "README.md"])
  }

  @Test("A vocabulary that does not fit the embedding is refused")
  func vocabularySize() throws {
    let (metadata, _) = try MetadataReader.read("micro/q1_0.gguf")
    let embedding = TensorInfo(
      name: "token_embd.weight", type: .q1_0, shape: [513, 128], range: 0..<0)
    let config = try ModelConfig(metadata: metadata, tensors: [embedding])
    #expect {
      try RepositoryFiles.make(metadata: metadata, config: config, layout: .dense, card: nil)
    } throws: {
      "\($0)" == "'tokenizer.ggml.tokens' has 512 elements, the embedding has 513 rows"
    }
  }

  @Test("Large files come in pieces, and a sink that fails ends the writing")
  func pieces() throws {
    let (metadata, _) = try MetadataReader.read("vocab/ggml-vocab-qwen2.gguf")
    let file = TokenizerFile(vocabulary: try Vocabulary(metadata: metadata))
    var largest = 0
    var total = 0
    try file.write { (piece) throws(FormatError) in
      largest = max(largest, piece.count)
      total += piece.count
    }
    #expect(largest < 1 << 17)
    #expect(total > 9_000_000)
    #expect(throws: FormatError(.io, "full")) {
      try file.write { (_) throws(FormatError) in throw FormatError(.io, "full") }
    }
  }
}
