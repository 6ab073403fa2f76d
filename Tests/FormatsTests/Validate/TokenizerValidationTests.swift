import Testing

@testable import Formats

/// What a conversion refuses of a tokenizer and its companions, validation finds.
@Suite struct TokenizerValidationTests {
  @Test(
    arguments: ["tokenizer_config.json", "generation_config.json"],
    [Array("{".utf8), [0xFF], Array("null".utf8)])
  func companions(file: String, bytes: [UInt8]) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("micro/fp16", as: "model", leavingOut: [file])
    try folder.write("model/\(file)", bytes)
    let error = await failure { _ = try Conversion(of: Model(opening: path), to: .gguf) }
    let found = try await Validation(of: path).findings.filter { $0.rule == .configUnreadable }
    #expect(found.count == 1)
    #expect(found.first?.location.file == path + "/" + file)
    #expect(found.first?.message == error?.message)
  }

  /// Puts strings in the place of some of an array's.
  private static func model(
    _ folder: TemporaryFolder, _ key: String, _ change: (inout [[UInt8]]) -> Void
  ) throws -> String {
    var gguf = try EditedGGUF()
    let array = try #require(try gguf.metadata.array(key)).byteStrings()
    var strings = (0..<array.count).map { array.string($0).bytes }
    change(&strings)
    gguf.set([(key, .array(GGUFArray(strings.map { ByteString($0) })))])
    return try gguf.write(to: folder)
  }

  @Test(arguments: ["equal", "empty", "not UTF-8", "merges"])
  func vocabularies(fault: String) async throws {
    let folder = try TemporaryFolder()
    let path = try Self.model(
      folder, fault == "merges" ? "tokenizer.ggml.merges" : "tokenizer.ggml.tokens"
    ) { strings in
      switch fault {
      case "equal": strings[3] = strings[4]
      case "empty": for index in 3..<6 { strings[index] = [] }
      case "not UTF-8": strings[3] = [0xFF]
      default: strings[0] = Array("no such".utf8)
      }
    }
    let error = await failure { _ = try Conversion(of: Model(opening: path), to: .fp16) }
    let found = try await Validation(of: path).findings.filter { $0.rule == .configMember }
    #expect(found.count == 1)
    #expect(found.first?.location.file == path)
    #expect(error != nil && found.first?.message == error?.message)
  }
}
