import Testing

@testable import Formats

@Suite("The early 1-bit blocks of 32 under type number 40")
struct LegacyBlockTests {
  /// The micro model as the early files of the fork had it.
  private func legacy(_ change: (inout EditedGGUF.Tensor) -> Void = { _ in }) throws -> EditedGGUF {
    var gguf = try EditedGGUF()
    for index in gguf.tensors.indices where gguf.tensors[index].type == .q1_0 {
      let blocks = gguf.tensors[index].bytes
      var parts: [UInt8] = []
      for block in stride(from: 0, to: blocks.count, by: 18) {
        for bits in stride(from: block + 2, to: block + 18, by: 4) {
          parts += blocks[block..<block + 2] + blocks[bits..<bits + 4]
        }
      }
      gguf.tensors[index].bytes = parts
      gguf.tensors[index].typeID = 40
      gguf.tensors[index].type = Layout.q1_0Group32.parts[0].type
    }
    gguf.edit("blk.0.ffn_down.weight", change)
    return gguf
  }

  @Test func fourThatShareTheirScale() async throws {
    let folder = try TemporaryFolder()
    let path = try legacy().write(to: folder)
    for target in ConversionTarget.allCases {
      let (out, report) = try await convert(path, target, to: folder(target.rawValue))
      #expect(report.isProven)
      let reference = try Model(opening: Fixture.path("micro/\(target.fixture)"))
      #expect(try out.differences(from: reference) == [], "\(target.rawValue)")
    }
  }

  @Test func fourThatDoNot() async throws {
    let folder = try TemporaryFolder()
    let path = try legacy { tensor in
      // The last block of 32 in row 1, and the first of row 2.
      for block in [15, 16] { tensor.bytes[block * 6] ^= 1 }
    }.write(to: folder)
    for target in [ConversionTarget.awq, .gguf] {
      let error = await failure { try await convert(path, target, to: folder("out")) }
      #expect(error?.code == .notExact)
      #expect(error?.location.row == 1 && error?.location.group == 1)
      #expect(error?.message.hasPrefix("needed one scale in four blocks of 32, found ") == true)
      #expect(error?.message.hasSuffix("; 2 groups of this tensor are like that") == true)
    }
  }
}
