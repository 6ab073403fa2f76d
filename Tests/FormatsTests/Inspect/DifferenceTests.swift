import Testing

@testable import Formats

/// What `diff` says of a model that lacks something.
@Suite struct DifferenceTests {
  @Test func theFileIsNamed() async throws {
    let folder = try TemporaryFolder()
    var bytes = try Fixture.bytes("micro/q1_0.gguf")
    let key = Array("qwen3.block_count".utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
    bytes[start + key.count - 1] = UInt8(ascii: "x")
    try folder.write("n.gguf", bytes)
    let first = try Model(opening: folder("n.gguf"))
    let second = try Model(opening: Fixture.path("micro/q1_0.gguf"))
    for (one, other) in [(first, second), (second, first)] {
      let error = await #expect(throws: FormatError.self) { try await ModelDifference(one, other) }
      #expect(error?.location.file == folder("n.gguf"))
      #expect(error?.message == "metadata key 'qwen3.block_count' is needed and missing")
    }
  }
}
