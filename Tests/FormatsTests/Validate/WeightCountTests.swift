import Testing

@testable import Formats

@Suite("Counting weights")
struct WeightCountTests {
  @Test func codesAreCountedAsOneByOne() {
    var word: UInt32 = 0x9797_9797
    for _ in 0..<10_000 {
      word = word &* 1_664_525 &+ 1_013_904_223
      let nibbles = (0..<8).map { word >> UInt32($0 * 4) & 0xF }
      #expect(AWQ.codesBesideSevenAndNine(word) == nibbles.count { $0 != 7 && $0 != 9 })
      #expect(AWQ.nibbles(differing: word) == nibbles.count { $0 != 0 })
    }
    #expect(AWQ.codesBesideSevenAndNine(0x9779_9797) == 0)
  }

  /// Every F16 as a scale, against what its value says.
  @Test func scalesAreWhatTheirValuesSay() {
    for bits in UInt16.min...UInt16.max {
      var counts = WeightCounts()
      counts.add(scale: bits, at: WeightCounts.Position(row: 0, group: 0))
      let value = Float(bitPattern: HalfPrecision.widen(bits))
      let isSubnormal = value != 0 && value.magnitude < 0x1p-14
      #expect(counts.counts(.nanScale) == (value.isNaN ? 1 : 0))
      #expect(counts.counts(.infiniteScale) == (value.isInfinite ? 1 : 0))
      #expect(counts.counts(.zeroScale) == (value == 0 ? 1 : 0))
      #expect(counts.counts(.negativeScale) == (value < 0 ? 1 : 0))
      #expect(counts.counts(.subnormalScale) == (isSubnormal ? 1 : 0))
    }
  }

  /// The same model in every layout has the same scales, wherever its tiles end.
  @Test(arguments: ["q1_0.gguf", "awq", "mlx"])
  func everyLayoutCountsAlike(_ target: String) async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.edit("blk.1.ffn_down.weight") {
      for (block, bits) in [UInt16(0), 0, 3, 0x03FF, 0x8001, 0xBC00].enumerated() {
        $0.setScale(bits, block: 9 + block)
      }
    }
    var path = try gguf.write(to: folder)
    if target != "q1_0.gguf" {
      try await convert(path, target == "awq" ? .awq : .mlx, to: folder(target))
      path = folder(target)
    }
    let found = try await Validation(of: path).findings.filter { $0.rule.id.hasPrefix("W") }
    let name = try #require(found.first?.location.tensor)
    let sums = Dictionary(grouping: found, by: \.rule.id).mapValues {
      $0.reduce(0) { $0 + ($1.count ?? 0) }
    }
    // AWQ has no negative scales: its codes take the sign.
    #expect(
      sums == (target == "awq" ? ["W003": 2, "W005": 3] : ["W003": 2, "W004": 2, "W005": 3]))
    #expect(name.contains("down"))
    let first = try #require(found.first { $0.rule == .zeroScales })
    #expect(first.location.row == 4)
    #expect(first.location.group == 1)
    #expect(first.message == "2 of 256 scales are zero")
  }

  @Test func countsOfCodesAndGroups() async throws {
    let folder = try TemporaryFolder()
    var awq = try EditedDirectory("micro/awq")
    // Input 0 of outputs 0 and 2, input 1 of output 0: two groups, three codes.
    awq.edit("layers.0.mlp.up_proj.qweight") {
      $0.bytes[0] = 0x55
      $0.bytes[$0.shape[1] * 4] = $0.bytes[$0.shape[1] * 4] & 0xF0 | 0x3
    }
    let validation = try await Validation(of: awq.write(to: folder))
    #expect(validation.findings.map(\.rule.id) == ["AWQ006", "AWQ004"])
    #expect(validation.findings.map(\.count) == [2, 3])
    #expect(validation.findings.first?.location.row == 0)
  }
}
