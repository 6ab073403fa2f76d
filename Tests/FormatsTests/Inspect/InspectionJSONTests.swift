import Testing

@testable import Formats

@Suite struct InspectionJSONTests {
  private func document(_ inspection: Inspection) throws -> (JSONValue, bytes: [UInt8]) {
    var bytes: [UInt8] = []
    try inspection.writeJSON { (piece) throws(FormatError) in bytes += piece }
    return (try JSONValue(parsing: bytes, name: "inspection"), bytes)
  }

  @Test(arguments: ["micro/q1_0.gguf", "micro/fp16", "micro/awq", "micro-tied-edge/mlx"])
  func offsetsAndSizesAreThoseOfTheFile(path: String) throws {
    let model = try Model(opening: Fixture.path(path))
    let (document, _) = try document(Inspection(model))
    #expect(document["schema"] == "bonsai-fmt/inspect/1")
    guard case .array(let tensors)? = document["tensors"] else {
      Issue.record("no tensors")
      return
    }
    #expect(tensors.count == model.tensors.count)
    for (json, tensor) in zip(tensors, model.tensors) {
      #expect(json["bytes"] == .integer(tensor.byteCount))
      guard case .array(let parts)? = json["parts"] else { continue }
      #expect(
        parts.map { $0["offset"] }
          == tensor.parts.map { .integer($0.info.range.lowerBound) })
    }
  }

  @Test func floatsThatAreNoNumbersAreText() {
    #expect(GGUFValue.float32(.infinity).json == "inf")
    #expect(GGUFValue.float64(-.infinity).json == "-inf")
    #expect(GGUFValue.float32(.nan).json == "nan")
    #expect(GGUFValue.float32(1e-6).json == .number("1e-06"))
    #expect(GGUFValue.uint64(.max).json == .number("18446744073709551615"))
  }

  @Test func controlsAreEscaped() throws {
    var writer = JSONWriter(escapesControls: true)
    let text = "a\u{1b}[2J\u{9b}\u{202e}\"\\\nö😀"
    writer.string(text)
    let isVisible = writer.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    #expect(isVisible)
    #expect(!String(decoding: writer.bytes, as: UTF8.self).steersTerminal)
    #expect(try JSONValue(parsing: writer.bytes, name: "text") == .string(text))
  }

  @Test(arguments: [(64, true), (65, false)])
  func longArraysAreShortened(count: Int, isWhole: Bool) throws {
    let elements = (0..<count).flatMap { index -> [UInt8] in
      [UInt8(index), 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x80]
    }
    let array = GGUFArray(
      elementKind: .uint64, count: count, range: 0..<elements.count, isBigEndian: false,
      source: MemorySource(elements))
    let first = try array.json(first: isWhole ? 64 : 8)
    #expect(first.count == (isWhole ? 64 : 8))
    // 2^63 + 2^32 − 249, which is no Int.
    #expect(first[7] == .number("9223372041149742855"))
  }
}
