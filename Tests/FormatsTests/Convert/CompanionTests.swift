import Testing

@testable import Formats

@Suite("What goes beside the weights from directory to directory")
struct CompanionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func config(
    of directory: EditedDirectory, as target: ConversionTarget
  ) async throws -> JSONValue {
    try await convert(directory.write(to: folder), target, to: folder("out"))
    return try JSONValue(parsing: folder.bytes("out/config.json"), name: "config.json")
  }

  /// All files of the tokenizer that was asked for, and none of another.
  @Test(arguments: ["micro/fp16", "micro/q1_0.gguf"])
  func tokenizersAreNotMixed(source: String) async throws {
    var path = Fixture.path(source)
    let further = "additional_chat_templates"
    if source == "micro/fp16" {
      path = try folder.copy(source, as: "model")
      try folder.makeFolder("model/\(further)")
      let own = [
        "chat_template.jinja", "tokenizer.model", "\(further)/rag.jinja", "\(further)/own.jinja",
      ]
      for name in own { try folder.write("model/\(name)", Array("own".utf8)) }
    }
    let other = ["tokenizer.model", "tokenizer_config.json", "\(further)/rag.jinja"]
    try folder.makeFolder("tokenizer")
    try folder.makeFolder("tokenizer/\(further)")
    try folder.write("tokenizer/tokenizer.json", Fixture.bytes("micro/mlx/tokenizer.json"))
    for name in other { try folder.write("tokenizer/\(name)", Array("{}".utf8)) }
    try await convert(path, .awq, to: folder("out")) { $0.tokenizerDirectory = folder("tokenizer") }
    for name in other { #expect(try folder.text("out/\(name)") == "{}") }
    #expect(try SystemCalls.list(folder("out/\(further)")) == ["rag.jinja"])
    let found = try SystemCalls.list(folder("out"))
    #expect(!found.contains { ["vocab.json", "merges.txt", "chat_template.jinja"].contains($0) })
  }

  /// transformers 4 loads such a directory as F32 otherwise.
  @Test(arguments: [nil, .null] as [JSONValue?])
  func aTypeIsWrittenWhereNobodySaidIt(type: JSONValue?) async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("torch_dtype", type)
    let config = try await config(of: directory, as: .fp16)
    #expect(config["torch_dtype"] == "float16")
  }

  @Test func oneTypeIsEnough() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("torch_dtype", nil)
    directory.set("dtype", "bfloat16")
    let config = try await config(of: directory, as: .awq)
    #expect(config["dtype"] == "float16" && config["torch_dtype"] == nil)
  }

  /// vLLM refuses to generate without a class, and nothing loads a model without a type.
  @Test(arguments: [nil, .null, []] as [JSONValue?])
  func aClassIsWrittenWhereTheTypeSaysIt(classes: JSONValue?) async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", classes)
    let config = try await config(of: directory, as: .awq)
    #expect(config["architectures"] == ["Qwen3ForCausalLM"])
  }

  @Test func aTypeIsWrittenWhereTheClassSaysIt() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("model_type", nil)
    let config = try await config(of: directory, as: .mlx)
    #expect(config["model_type"] == "qwen3")
  }

  @Test func nothingIsMadeUpForAnUnknownArchitecture() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", nil)
    directory.set("model_type", "brandnew")
    let config = try await config(of: directory, as: .awq)
    #expect(config["architectures"] == nil && config["model_type"] == "brandnew")
  }

  @Test("Licences, notices and further templates travel, code does not")
  func travellers() async throws {
    let directory = try EditedDirectory("micro/fp16")
    let path = try directory.write(to: folder)
    try folder.makeFolder("model/additional_chat_templates")
    let names = [
      "LICENCE", "license.md", "NOTICE.txt", "additional_chat_templates/rag.jinja",
    ]
    let strangers = ["modeling.py", "additional_chat_templates/x.txt"]
    for name in names + strangers { try folder.write("model/\(name)", Array(name.utf8)) }
    let (_, report) = try await convert(path, .mlx, to: folder("out"))
    for name in names {
      #expect(try folder.text("out/\(name)") == name)
      #expect(report.files.contains { $0.name == name })
    }
    for name in strangers { #expect(try SystemCalls.status(folder("out/\(name)")) == nil) }
  }
}
