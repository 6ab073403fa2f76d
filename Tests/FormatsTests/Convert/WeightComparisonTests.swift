import Testing

@testable import Formats

@Suite("Two models are compared weight by weight")
struct WeightComparisonTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func compare(
    _ form: String, _ change: (inout EditedGGUF) -> Void
  ) async throws -> [WeightComparison.Difference] {
    var gguf = try EditedGGUF()
    change(&gguf)
    let edited = try Model(opening: gguf.write(to: folder))
    let other = try Model(opening: Fixture.path("micro/\(form)"))
    let found = try await WeightComparison(edited, other)
    #expect(found.isSame == found.differences.isEmpty)
    // The other way round the same differs.
    let mirrored = try await WeightComparison(other, edited)
    #expect(mirrored.differences.map(\.name) == found.differences.map(\.name))
    return found.differences
  }

  private func values(_ differences: [WeightComparison.Difference]) throws -> ValueDifferences {
    #expect(differences.map(\.name) == ["model.layers.0.mlp.down_proj.weight"])
    guard case .values(let found)? = differences.first?.kind else {
      throw FormatError(.usage, "the values do not differ")
    }
    return found
  }

  @Test(arguments: FingerprintTests.forms) func nothing(form: String) async throws {
    #expect(try await compare(form) { _ in } == [])
  }

  @Test(arguments: FingerprintTests.forms) func signs(form: String) async throws {
    let found = try values(
      await compare(form) { gguf in
        gguf.edit("blk.0.ffn_down.weight") {
          $0.setScale(0x3C00, block: 0)
          $0.bytes[18 * 4 + 5] ^= 0b101
        }
      })
    #expect(found.oneBit?.flippedSignCount == 2)
    #expect(found.oneBit?.differingScaleCount == 1)
    #expect(found.weightCount == 130)
    #expect(found.largestError > 0.5)
  }

  @Test(arguments: ["q1_0.gguf", "awq", "fp16"])
  func aMatrixThatIsNotOneBit(form: String) async throws {
    let found = try values(
      await compare(form) { gguf in
        gguf.edit("blk.0.ffn_down.weight") { $0.become(.f16, $0.shape, repeating: [0, 0x3C]) }
        gguf.edit("blk.0.ffn_down.weight") { $0.bytes[1] = 0x7E }
      })
    #expect(found.oneBit == nil)
    #expect(found.weightCount == 128 * 256)
    #expect(found.largestError == .infinity)
  }

  @Test func namesAndShapes() async throws {
    let found = try await compare("mlx") { gguf in
      gguf.tensors.removeAll { $0.name == "output.weight" }
    }
    #expect(found == [.init(name: "lm_head.weight", kind: .onlyInSecond)])
  }

  @Test func zeroHasNoSign() {
    let zero = [UInt8](repeating: 0, count: 18)
    let turned = [UInt8](repeating: 0, count: 2) + [UInt8](repeating: 0xFF, count: 16)
    #expect(ValueDifferences(blocks: zero, turned).weightCount == 0)
    let one: [UInt8] = [0, 0x3C] + [UInt8](repeating: 0xFF, count: 16)
    let minusOne: [UInt8] = [0, 0xBC] + [UInt8](repeating: 0, count: 16)
    #expect(ValueDifferences(blocks: one, minusOne).weightCount == 0)
    let found = ValueDifferences(blocks: one, zero)
    #expect(found.oneBit?.flippedSignCount == 0 && found.weightCount == 128)
    #expect(found.largestError == 1)
  }
}
