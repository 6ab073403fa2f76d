import Testing

@testable import Formats

@Suite("Where two documents differ")
struct JSONDifferenceTests {
  private func names(_ first: JSONValue, _ second: JSONValue) -> [String] {
    JSONDifference.changes(first, second).map {
      ($0.first == nil ? "+" : $0.second == nil ? "-" : "~") + $0.name
    }
  }

  @Test func paths() {
    let first: JSONValue = ["a": 1, "b": ["c": 1, "d": 2, "e": [:]], "f": ["g": 1], "h": nil]
    let second: JSONValue = ["x": ["y": ["z": 1]], "a": 1, "b": ["c": 2, "w": 3], "f": 1]
    #expect(names(first, second) == ["~b.c", "-b.d", "-b.e", "~f", "-h", "+b.w", "+x.y.z"])
    #expect(names(first, first) == [])
  }

  /// The names above a member are not repeated for each of 50,000.
  @Test func longNames() {
    let long = String(repeating: "n", count: 500_000)
    let document = { (value: Int) -> JSONValue in
      let members = (0..<50_000).map { JSONValue.Member("m\($0)", .integer(value)) }
      return .object([.init(long, .object(members))])
    }
    let changes = JSONDifference.changes(document(1), document(2))
    #expect(changes.count == 50_000)
    #expect(changes.allSatisfy { $0.name.utf8.count < 220 })
    #expect(changes.last?.name.hasPrefix("nnn") == true)
    #expect(changes.last?.name.hasSuffix("….m49999") == true)
    #expect(JSONDifference.changes(document(1), document(1)).isEmpty)
  }
}

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
