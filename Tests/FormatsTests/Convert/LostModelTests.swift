import Synchronization
import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What would end well, and lose something: a part of the model, a file beside it, or the input.
@Suite struct LostModelTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["fp16", "awq", "mlx"], [ConversionTarget.awq, .fp16, .mlx, .gguf])
  func withoutAnEmbedding(source: String, target: ConversionTarget) async throws {
    var model = try EditedDirectory("micro/\(source)")
    model.tensors.removeAll { $0.name.contains("embed_tokens") }
    try await refused(model.write(to: folder), target, .malformed)
  }

  @Test(arguments: ["num_hidden_layers", "hidden_size"])
  func configurationsThatContradict(name: String) async throws {
    var model = try EditedDirectory("micro/fp16")
    model.set(name, .integer(-1))
    model.tensors.removeAll { $0.name.contains("q_norm") }
    try await refused(model.write(to: folder), .awq, .malformed)
  }

  /// Nothing has been written when it is refused, and the message says of which file it speaks.
  @Test func aModelCardThatCannotBeMade() async throws {
    var model = try EditedGGUF("micro/q1_0.gguf")
    model.set([("general.name", .string(ByteString([0xFF, 0xFE])))])
    let path = try model.write(to: folder)
    let conversion = try Conversion(of: Model(opening: path), to: .fp16)
    let began = Mutex(false)
    let error = await failure {
      _ = try await conversion.run(to: folder("out")) { _ in began.withLock { $0 = true } }
    }
    #expect(error?.code == .malformed && error?.location.file == path)
    #expect(!began.withLock { $0 })
    #expect(try folder.names == ["model.gguf"])
  }

  @Test(arguments: [ConversionTarget.awq, .gguf])
  func aFileWhoseNameIsNoText(target: ConversionTarget) async throws {
    let path = try folder.copy("micro/fp16", as: "model")
    try folder.writeNamelessFile(in: "model")
    // What does not go along does no harm.
    try await convert(path, target, to: folder("out"))
    let error = await failure {
      _ = try await Packing(path, .pack(level: 1)).run(to: folder("packed"))
    }
    #expect(error?.code == .unsupported && error?.message.contains("not UTF-8") == true)
  }

  @Test func aNameWithAReplacementCharacterIsAName() async throws {
    let path = try folder.copy("micro/fp16", as: "model")
    try folder.write("model/x\u{FFFD}", [1, 2, 3])
    _ = try await Packing(path, .pack(level: 1)).run(to: folder("packed"))
    #expect(try folder.bytes("packed/x\u{FFFD}") == [1, 2, 3])
  }

  @Test func anInputIsNotAppendedTo() async throws {
    let path = try folder.write("model.gguf", Fixture.bytes("micro/q1_0.gguf"))
    let before = try folder.bytes("model.gguf")
    let descriptor = try SystemCalls.open(path, O_WRONLY | O_APPEND)
    defer { try? SystemCalls.close(descriptor, path: path) }
    let conversion = try Conversion(of: Model(opening: path), to: .gguf)
    let error = await failure {
      _ = try await conversion.run(toDescriptor: descriptor, name: "standard output")
    }
    #expect(error?.code == .usage && error?.message == "the output is the input")
    #expect(try folder.bytes("model.gguf") == before)
  }

  private func refused(
    _ path: String, _ target: ConversionTarget, _ code: FormatError.Code
  ) async throws {
    let error = await failure { try await convert(path, target, to: folder("out")) }
    #expect(error?.code == code, "\(error?.description ?? "accepted")")
    #expect(try SystemCalls.status(folder("out")) == nil)
  }
}
