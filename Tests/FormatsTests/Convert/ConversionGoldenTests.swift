import Testing

@testable import Formats

@Suite("Conversions, against what AutoAWQ and transformers wrote")
struct ConversionGoldenTests {
  static let files = [
    "added_tokens.json", "config.json", "generation_config.json", "merges.txt",
    "model.safetensors", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
    "vocab.json",
  ]

  static func convert(
    _ input: String, to folder: TemporaryFolder,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> ConversionReport {
    var options = ConversionOptions()
    change(&options)
    return try await Conversion(of: Model(opening: input), to: .awq, options: options).run(
      to: folder("out"))
  }

  /// What differs from the reference directory.
  private func differences(_ folder: TemporaryFolder, from model: String) throws -> [String] {
    try Self.files.filter { name in
      var expected = try Fixture.bytes("\(model)/awq/\(name)")
      // The fixture's config.json lacks the last line break.
      if name == "config.json" { expected.append(UInt8(ascii: "\n")) }
      return try folder.bytes("out/\(name)") != expected
    }
  }

  @Test(arguments: ["micro", "micro-tied-edge"], [1, 2, 7])
  func everyByte(model: String, width: Int) async throws {
    let folder = try TemporaryFolder()
    let report = try await Self.convert(Fixture.path("\(model)/q1_0.gguf"), to: folder) {
      $0.budget.width = width
    }
    #expect(try differences(folder, from: model) == [])
    #expect(try folder.names == ["out"])
    #expect(report.isProven)
    #expect(report.notes == [])
    #expect(report.files.map(\.name) == ["README.md"] + Self.files)
    #expect(report.tensorCounts.map(\.layout) == [.f16, .awq])
  }

  /// F16 has the values of the 1-bit file: the signs and scales are found in it.
  @Test(arguments: ["micro", "micro-tied-edge"])
  func fromF16(model: String) async throws {
    let folder = try TemporaryFolder()
    _ = try await Self.convert(Fixture.path("\(model)/f16.gguf"), to: folder)
    #expect(try differences(folder, from: model).contains("model.safetensors") == false)
  }

  /// Tiles of a unit each, and of sizes that divide nothing.
  @Test(arguments: [1, 5000, 70_000]) func tilesOfAnySize(byteCount: Int) async throws {
    let folder = try TemporaryFolder()
    let conversion = try Conversion(of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .awq)
    let run = TileRun(reader: conversion.model.reader, width: 2, tileByteCount: byteCount)
    let file = conversion.tensors.files[0]
    let output = try OutputFile(creating: folder("m"), byteCount: file.byteCount)
    try output.write(file.header, at: 0)
    try await Moving(run: run, outputs: [output], progress: { _ in })(conversion.tensors.moves)
    let same = try folder.bytes("m") == Fixture.bytes("micro/awq/model.safetensors")
    #expect(same)
  }

  @Test func shards() async throws {
    let folder = try TemporaryFolder()
    let report = try await Self.convert(Fixture.path("micro/q1_0.gguf"), to: folder) {
      $0.shardByteCount = 300_000
    }
    let names = report.files.map(\.name)
    #expect(names.contains("model.safetensors.index.json"))
    #expect(!names.contains("model.safetensors"))
    let whole = try Model(opening: Fixture.path("micro/awq"))
    let sharded = try Model(opening: folder("out"))
    #expect(sharded.files.count > 1)
    #expect(sharded.tensors.map(\.name) == whole.tensors.map(\.name))
    for (one, other) in zip(whole.tensors, sharded.tensors) {
      var (left, right) = ([UInt8](), [UInt8]())
      try whole.reader.read(one.matrix.whole, of: one, into: &left)
      try sharded.reader.read(other.matrix.whole, of: other, into: &right)
      let same = left == right
      #expect(same, "\(one.name)")
    }
  }

  @Test func whatIsLeftOut() async throws {
    let folder = try TemporaryFolder()
    let report = try await Self.convert(Fixture.path("micro/q1_0.gguf"), to: folder) {
      $0.writesModelCard = false
      $0.verifies = false
    }
    #expect(report.files.map(\.name) == Self.files)
    #expect(!report.isProven)
    #expect(try differences(folder, from: "micro") == [])
  }
}
