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
