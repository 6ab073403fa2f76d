import Testing

@testable import Formats

@Suite("Fingerprints identify weights, whatever holds them")
struct FingerprintTests {
  static let forms = ["q1_0.gguf", "f16.gguf", "fp16", "awq", "mlx"]

  private func fingerprint(_ path: String, width: Int = 2) async throws -> Fingerprint {
    try await Model(opening: path).fingerprint(budget: RunBudget(width: width))
  }

  /// As Tests/Interop/fingerprint_reference.py computes them.
  @Test(arguments: [
    ("micro", "w1:da4b68993b5b01486684970ca4ef2c1c8b89135a19e2dba9000c16890d666240"),
    ("micro-tied-edge", "w1:bc8e650e03f2279dd8838a389185c2fe913688eaac1339aed501f8f12a86709d"),
  ])
  func everyFormOfAModel(model: String, expected: String) async throws {
    for form in Self.forms {
      let found = try await fingerprint(Fixture.path("\(model)/\(form)"), width: 3)
      #expect(found.description == expected, "\(form)")
    }
  }

  @Test(arguments: [1, 3000, 70_000]) func tilesOfAnySize(byteCount: Int) async throws {
    let expected = try await fingerprint(Fixture.path("micro/q1_0.gguf"))
    for form in ["q1_0.gguf", "awq", "fp16"] {
      let model = try Model(opening: Fixture.path("micro/\(form)"))
      let run = TileRun(reader: model.reader, width: 2, tileByteCount: byteCount)
      let found = try await Fingerprinting(model)(run)
      let same = found == expected
      #expect(same, "\(form)")
    }
  }

  /// A sign, a scale, a norm, the last bit of all.
  @Test(
    arguments: [
      ("blk.0.ffn_down.weight", 2, UInt8(1)), ("blk.0.ffn_down.weight", 0, 1),
      ("blk.1.attn_norm.weight", 0, 1), ("output.weight", 17, 0x80),
    ])
  func oneBit(name: String, byte: Int, mask: UInt8) async throws {
    let folder = try TemporaryFolder()
    let expected = try await fingerprint(Fixture.path("micro/q1_0.gguf"))
    var gguf = try EditedGGUF()
    #expect(try await fingerprint(gguf.write(to: folder, as: "same.gguf")) == expected)
    gguf.edit(name) { $0.bytes[byte] ^= mask }
    let found = try await fingerprint(gguf.write(to: folder))
    #expect(found.digest != expected.digest)
    let changed = zip(found.tensors, expected.tensors).filter { $0 != $1 }
    #expect(changed.count == 1)
  }

  @Test func aNegativeScaleWithTurnedSignsIsTheSame() async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.edit("blk.0.ffn_down.weight") { tensor in
      tensor.bytes[1] ^= 0x80
      for index in 2..<18 { tensor.bytes[index] ^= 0xFF }
    }
    let found = try await fingerprint(gguf.write(to: folder))
    #expect(found == (try await fingerprint(Fixture.path("micro/q1_0.gguf"))))
  }

  @Test func signsOfZeroDoNotCount() async throws {
    let folder = try TemporaryFolder()
    var found: [Fingerprint] = []
    for bits: UInt8 in [0, 0x5A, 0xFF] {
      var gguf = try EditedGGUF()
      gguf.edit("blk.0.ffn_down.weight") { tensor in
        tensor.setScale(0, block: 0)
        for index in 2..<18 { tensor.bytes[index] = bits }
      }
      found.append(try await fingerprint(gguf.write(to: folder, as: "\(bits).gguf")))
    }
    #expect(Set(found).count == 1)
  }

  @Test func anOutputMatrixThatRepeatsTheEmbeddingIsLeftOut() async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    let embedding = try #require(gguf.tensors.first { $0.name == "token_embd.weight" }).bytes
    gguf.edit("output.weight") { $0.bytes = embedding }
    let found = try await fingerprint(gguf.write(to: folder))
    #expect(!found.tensors.contains { $0.name == "lm_head.weight" })
    #expect(found.tensors.count == 24)
  }

  /// The first groups are 1-bit and hashed as such; then comes one that is not.
  @Test func aDenseMatrixThatIsNotOneBit() async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.edit("token_embd.weight") {
      $0.become(.f16, $0.shape, repeating: [0, 0x3C])
      $0.bytes[$0.bytes.count - 1] = 0x40
    }
    let model = try Model(opening: gguf.write(to: folder))
    let found = try await model.fingerprint()
    let embedding = found.tensors.first { $0.name == "model.embed_tokens.weight" }
    #expect(embedding?.kind == .dense)
    // The proof of a conversion computes the same on its way.
    let conversion = try Conversion(of: model, to: .awq)
    #expect(try await conversion.run(to: folder("out")).fingerprint == found)
    #expect(try await fingerprint(folder("out")) == found)
  }

  /// Some tiles come by as dense, then all are read from the start: none of them counts twice.
  @Test func noLeafCountsTwice() throws {
    let tensor = Tensor(name: "weight", shape: [512, 128], layout: .f16, parts: [])
    let tiles = (0..<8).map { Tile(rows: $0 * 64..<($0 + 1) * 64, columns: 0..<128) }
    func add(_ numbers: Range<Int>, to digest: TensorDigest) {
      var scratch: [UInt8] = []
      for number in numbers {
        let bytes = [UInt8](repeating: UInt8(number + 1), count: 64 * 128 * 4)
        digest.add(tiles[number], bytes, as: .dense, scratch: &scratch)
      }
    }
    let expected = TensorDigest(name: "weight", tensor: tensor, as: .dense)
    add(0..<8, to: expected)
    let digest = TensorDigest(name: "weight", tensor: tensor)
    digest.refute()
    add(4..<8, to: digest)
    digest.restart()
    add(4..<8, to: digest)
    #expect(digest.result == nil)
    // A task that is late says the same once more.
    digest.refute()
    add(0..<4, to: digest)
    #expect(digest.result != nil && digest.result == expected.result)
  }

  @Test(arguments: forms, ConversionTarget.allCases)
  func aConversionComputesIt(form: String, target: ConversionTarget) async throws {
    let folder = try TemporaryFolder()
    let model = try Model(opening: Fixture.path("micro/\(form)"))
    let expected = try await fingerprint(Fixture.path("micro/q1_0.gguf"))
    let report = try await Conversion(of: model, to: target).run(to: folder("out"))
    #expect(report.fingerprint == expected)
    #expect(try await fingerprint(folder("out")) == expected)
  }

  @Test func onlyWhatIsProvenHasOne() async throws {
    let folder = try TemporaryFolder()
    let report = try await ConversionGoldenTests.convert(
      Fixture.path("micro/q1_0.gguf"), to: folder
    ) { $0.verifies = false }
    #expect(report.fingerprint == nil)
  }
}
