import Testing

@testable import Formats

@Suite("The proof sees every kind of damage")
struct ProvingTests {
  /// Writes the tensors of the micro model, lets `damage` at the bytes, and proves.
  private func prove(
    tileByteCount: Int = 1 << 20, _ damage: (inout [UInt8], [Tensor]) throws -> Void
  ) async throws -> FormatError? {
    let folder = try TemporaryFolder()
    let conversion = try Conversion(of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .awq)
    let moves = conversion.tensors.moves
    var bytes = try Fixture.bytes("micro/awq/model.safetensors")
    try damage(&bytes, moves.map(\.target))
    let written = try Model(opening: folder.write("model.safetensors", bytes))
    let pairs = try moves.map {
      Move(source: $0.source, target: try #require(written.tensor(named: $0.target.name)))
    }
    let run = TileRun(reader: conversion.model.reader, width: 2, tileByteCount: tileByteCount)
    return await failure {
      try await Proving(run: run, written: written.reader, progress: { _ in })(pairs)
    }
  }

  @Test(arguments: [1, 1 << 20]) func anUndamagedFilePasses(tileByteCount: Int) async throws {
    #expect(try await prove(tileByteCount: tileByteCount) { _, _ in } == nil)
  }

  @Test(
    "One bit anywhere is found",
    arguments: [
      ("model.layers.0.mlp.down_proj.weight", 0), ("model.layers.0.mlp.down_proj.weight", 1),
      ("model.layers.0.mlp.down_proj.weight", 2), ("model.norm.weight", 0),
      ("model.layers.1.self_attn.q_norm.weight", 0), ("model.embed_tokens.weight", 0),
      ("lm_head.weight", 0),
    ], [0, 5, 15])
  func oneBit(place: (tensor: String, part: Int), bit: Int) async throws {
    let error = try await prove { bytes, tensors in
      let tensor = try #require(tensors.first { $0.name == place.tensor })
      bytes[tensor.parts[place.part].info.range.upperBound - 2 + bit / 8] ^= 1 << UInt8(bit % 8)
    }
    #expect(error?.code == .proofFailed)
    #expect(error?.location.tensor == place.tensor)
  }

  @Test func theRowIsNamed() async throws {
    let error = try await prove { bytes, tensors in
      let tensor = try #require(tensors.first { $0.name == "lm_head.weight" })
      bytes[tensor.parts[0].info.range.lowerBound + 300 * 256 + 1] ^= 0x80
    }
    #expect(
      error?.description
        == "tensor 'lm_head.weight' row 300: what was written differs from the source")
  }

  /// What sums would not see, as little as the next test's.
  @Test func exchangedSigns() async throws {
    let error = try await prove { bytes, tensors in
      let tensor = try #require(tensors.first { $0.name == "lm_head.weight" })
      let start = tensor.parts[0].info.range.lowerBound
      let other = try #require(
        (1..<128).first { (bytes[start + 1] ^ bytes[start + $0 * 2 + 1]) & 0x80 != 0 })
      for weight in [0, other] { bytes[start + weight * 2 + 1] ^= 0x80 }
    }
    #expect(error?.code == .proofFailed)
    #expect(error?.location.row == 0)
  }

  @Test func exchangedRows() async throws {
    let error = try await prove { bytes, tensors in
      let tensor = try #require(tensors.first { $0.name == "lm_head.weight" })
      let start = tensor.parts[0].info.range.lowerBound
      for offset in 0..<256 { bytes.swapAt(start + offset, start + 256 + offset) }
    }
    #expect(error?.code == .proofFailed)
    #expect(error?.location.row == 0)
  }
}
