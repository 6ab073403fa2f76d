import Foundation
import Testing

@testable import Formats

@Suite("The documents of a directory")
struct ModelDocumentsTests {
  /// Makes a directory of these files, opens it, and removes it.
  func documents(_ files: [String: String]) throws -> ModelDocuments {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    do throws(FormatError) {
      return try ModelDocuments(directory: folder.path)
    } catch {
      let place = error.location.file?.split(separator: "/").last ?? ""
      throw FormatError(error.code, "\(place): \(error.message)")
    }
  }

  let least = ["config.json": "{}", "tokenizer.json": "{}"]

  func templates(_ files: [String: String]) throws -> [ChatTemplate] {
    try documents(least.merging(files) { $1 }).templates
  }

  @Test("A configuration must be there, and documents be objects")
  func needed() throws {
    #expect(try documents(least).generation["top_k"] == nil)
    let error = #expect(throws: FormatError.self) {
      try documents(["config.json": "{}"]).tokenizer()
    }
    #expect(error?.code == .notFound)
    for (files, text) in [
      (["tokenizer.json": "{}"], "config.json: "),
      (["config.json": "[]", "tokenizer.json": "{}"], "config.json: needed an object"),
      (least.merging(["generation_config.json": "{"]) { $1 }, "generation_config.json: needed"),
    ] {
      let error = #expect(throws: FormatError.self) { try documents(files) }
      #expect(error?.message.hasPrefix(text) == true, "\(error?.message ?? "")")
    }
  }

  @Test("Templates: of tokenizer_config.json, then chat_template.jinja, then chat_template.json")
  func templates() throws {
    let old = ["chat_template.json": #"{"chat_template":"c"}"#]
    let jinja = old.merging(["chat_template.jinja": "a\r\nb\rc\n\n"]) { $1 }
    let own = jinja.merging(["tokenizer_config.json": #"{"chat_template":"t\r\n"}"#]) { $1 }
    #expect(try templates([:]).isEmpty)
    #expect(try templates(old).map(\.text) == ["c"])
    #expect(try templates(jinja).map(\.text) == ["a\nb\nc\n\n"])
    #expect(try templates(own).map(\.text) == ["t\r\n"])
    let further = [
      "additional_chat_templates/tool use.jinja": "t", "additional_chat_templates/rag.jinja": "r",
      "additional_chat_templates/x.txt": "x",
    ]
    let all = try templates(jinja.merging(further) { $1 })
    #expect(all.map(\.name) == ["default", "rag", "tool_use"])
    let list = #"{"chat_template":[{"name":"default","template":"d"},{"name":"é","template":"e"}]}"#
    #expect(try templates(["tokenizer_config.json": list]).map(\.name) == ["default", "_"])
    for wrong in [#"{"chat_template":1}"#, #"{"chat_template":[{"name":"x"}]}"#] {
      #expect(throws: FormatError.self) { try templates(["tokenizer_config.json": wrong]) }
    }
  }

  @Test("The folder's name is the last part of the path, or what the caller says")
  func folder() throws {
    let path = Fixture.path("micro/fp16")
    #expect(try ModelDocuments(directory: path + "/").folder == "fp16")
    #expect(try ModelDocuments(directory: path, folder: "other").folder == "other")
    #expect(try ModelDocuments(directory: path + "/.").folder == "fp16")
    #expect(try ModelDocuments(directory: path + "/../fp16/../mlx/./").folder == "mlx")
    #expect(try ModelDocuments(directory: path + "/../mlx/../fp16/../fp16/.").folder == "fp16")
  }
}
