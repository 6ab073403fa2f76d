import Testing

@testable import Formats

/// Headers are read through a window of 256 KiB, and what a stream has handed out does not come again:
/// a vocabulary of the usual size takes 20 such windows, and ends within one.
@Suite("Streams with a vocabulary of 150,000 tokens")
struct LargeHeaderTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The vocabulary of the published models, and as few weights as it goes with.
  private static let shape = SampleShape(
    name: "vocabulary", hiddenSize: 128, layerCount: 1, intermediateSize: 128, headCount: 1,
    keyValueHeadCount: 1, vocabularySize: 151_669, tiesEmbeddings: true, contextLength: 256,
    originalContextLength: nil)

  /// Where the bytes of a model come from, each once.
  private static let kinds: [@Sendable ([UInt8]) throws -> any ByteSource] = [
    { StreamSource(PassingBytes($0)) },
    { try StreamSource.opening(PassingBytes(Packed.plain($0))) },
    {
      let frame = Packed.silent($0)
      return try StreamSource.opening(
        PassingBytes(Packed.seekable([frame], contents: [$0.count])))
    },
    { try StreamSource.opening(MemorySource(Packed.plain($0))) },
  ]

  private func check(
    _ target: ConversionTarget, _ expected: String, _ bytes: [UInt8], config: String? = nil
  ) async throws {
    var options = ConversionOptions()
    options.writesModelCard = false
    for (number, open) in Self.kinds.enumerated() {
      let model = try Model(reading: open(bytes), configDirectory: config)
      #expect(model.isPassing)
      let report = try await Conversion(of: model, to: target, options: options)
        .run(to: folder("out-\(number)"))
      #expect(report.isProven)
      #expect(try folder.differingFiles(expected, "out-\(number)") == [], "\(number)")
      try SystemCalls.removeTree(folder("out-\(number)"))
    }
  }

  @Test func ggufs() async throws {
    let path = folder("m.gguf")
    try await Sample(Self.shape, seed: 1).write(to: path, replacing: false)
    let file = try GGUFFile(FileSource(path: path))
    #expect(file.headerByteCount > 4_000_000)
    try await convert(path, .mlx, to: folder("mlx")) { $0.writesModelCard = false }
    try await check(.mlx, "mlx", folder.bytes("m.gguf"))
  }

  /// Of dense safetensors the header is one read, however long.
  @Test(arguments: [ConversionTarget.awq, .gguf]) func safetensors(
    target: ConversionTarget
  ) async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.spaces = 700_000
    let path = try directory.write(to: folder)
    try await convert(path, target, to: folder("file")) { $0.writesModelCard = false }
    try await check(target, "file", folder.bytes("model/model.safetensors"), config: path)
  }
}
