import Testing

@testable import Formats

@Suite struct GGUFSplitPlanTests {
  private let model: GGUFMetadata = GGUFMetadata([
    .init("general.architecture", .text("qwen3")), .init("split.count", .uint16(7)),
  ])

  /// F32 tensors of so many elements.
  private func tensors(_ counts: [Int]) throws -> [GGUFPlan.Tensor] {
    try counts.enumerated().map { try GGUFPlan.Tensor("t\($0)", .f32, shape: [$1]) }
  }

  private func names(
    _ counts: [Int], _ limits: GGUFSplitLimits, _ metadata: GGUFMetadata? = nil
  ) throws -> [String] {
    try GGUFSplitPlan(metadata: metadata ?? model, tensors: tensors(counts), limits: limits)
      .shards.map { $0.placements.map(\.name).joined(separator: " ") }
  }

  @Test func cuts() throws {
    #expect(try names([8, 8, 8], .init()) == ["t0 t1 t2"])
    #expect(try names([8, 8, 8], .init(tensorCount: 2)) == ["t0 t1", "t2"])
    #expect(try names([8, 8, 8], .init(tensorCount: 3)) == ["t0 t1 t2"])
    #expect(try names([8, 8, 8], .init(byteCount: 64)) == ["t0 t1", "t2"])
    #expect(try names([8, 8, 8], .init(byteCount: 63)) == ["t0", "t1", "t2"])
    #expect(try names([8, 8, 8, 8], .init(byteCount: 96, tensorCount: 2)) == ["t0 t1", "t2 t3"])
    #expect(try names([8, 8, 8, 8], .init(byteCount: 64, tensorCount: 3)) == ["t0 t1", "t2 t3"])
    #expect(try names([], .init(byteCount: 1)) == [""])
  }

  @Test("A tensor above the limit has a file of its own, and none is empty")
  func largeTensors() throws {
    #expect(try names([100, 8, 8, 100, 8], .init(byteCount: 64)) == ["t0", "t1 t2", "t3", "t4"])
  }

  @Test("Padding counts, by the model's own alignment") func padding() throws {
    #expect(try names([1, 1, 1], .init(byteCount: 64)) == ["t0 t1", "t2"])
    let aligned = model.with([("general.alignment", .uint32(64))])
    #expect(try names([1, 1, 1], .init(byteCount: 64), aligned) == ["t0", "t1", "t2"])
  }

  @Test("The first file has the model's keys, every file its own alignment and numbers")
  func keys() throws {
    let metadata = model.with([("general.alignment", .uint32(64))])
    let plan = try GGUFSplitPlan(
      metadata: metadata, tensors: tensors([1, 1, 1]), limits: .init(tensorCount: 1))
    for (index, shard) in plan.shards.enumerated() {
      let padding = [UInt8](repeating: 0, count: shard.fileByteCount - shard.header.count)
      let file = try GGUFFile(MemorySource(shard.header + padding))
      let keys = file.metadata.entries.map(\.key)
      let own = ["general.alignment", "split.no", "split.count", "split.tensors.count"]
      #expect(keys == (index == 0 ? ["general.architecture"] : []) + own)
      #expect(file.alignment == 64)
      #expect(file.tensors.map(\.info.range) == shard.placements.map(\.range))
      guard case .uint16(let number) = file.metadata["split.no"],
        case .uint16(3) = file.metadata["split.count"],
        case .int32(3) = file.metadata["split.tensors.count"]
      else {
        Issue.record("other types or counts")
        continue
      }
      #expect(Int(number) == index)
    }
  }

  @Test func refusals() throws {
    for limits in [GGUFSplitLimits(byteCount: 0), GGUFSplitLimits(tensorCount: 0)] {
      #expect(throws: FormatError.self) { try names([1], limits) }
    }
    let tooMany = try tensors([Int](repeating: 1, count: 10_001))
    #expect(
      message { () throws(FormatError) in
        _ = try GGUFSplitPlan(metadata: model, tensors: tooMany, limits: .init(tensorCount: 1))
      } == "the model would be split into 10001 files, at most 10000 are written")
    let twice = try tensors([1]) + tensors([1])
    #expect(
      message { () throws(FormatError) in
        _ = try GGUFSplitPlan(metadata: model, tensors: twice, limits: .init(tensorCount: 1))
      } == "tensor 't0': there are two tensors of this name")
  }
}
