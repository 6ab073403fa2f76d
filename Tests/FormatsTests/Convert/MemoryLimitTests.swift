import Testing

@testable import Formats

@Suite("Memory is known beforehand, and kept to")
struct MemoryLimitTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static func smallest(_ input: String, _ target: ConversionTarget) throws -> Int {
    let error = #expect(throws: FormatError.self) {
      var options = ConversionOptions()
      options.budget.memoryByteCount = 1
      _ = try Conversion(of: Model(opening: input), to: target, options: options)
    }
    let message = try #require(error?.message)
    #expect(error?.code == .limit)
    #expect(error?.location.file == input)
    return try #require(
      message.split(separator: " ").compactMap { Int($0) }.first, "\(message)")
  }

  @Test("The output does not depend on threads and memory", arguments: MatrixTests.pairs)
  func sameOutput(pair: MatrixTests.Pair) async throws {
    let input = Fixture.path("micro/\(pair.source.fixture)")
    let least = try Self.smallest(input, pair.target)
    try await convert(input, pair.target, to: folder("usual")) { $0.verifies = false }
    let (_, report) = try await convert(input, pair.target, to: folder("least")) {
      $0.budget = RunBudget(width: 7, memoryByteCount: least)
    }
    #expect(report.isProven)
    let differing = try folder.differingFiles("usual", "least").filter { $0 != "README.md" }
    #expect(differing == [])
  }

  @Test func theBoundKeepsToTheLimit() throws {
    let model = try Model(opening: Fixture.path("micro/fp16"))
    var bounds: [Int] = []
    for memory in [1 << 30, 64 << 20, 40 << 20] {
      var options = ConversionOptions()
      options.budget = RunBudget(width: 64, memoryByteCount: memory)
      let conversion = try Conversion(of: model, to: .awq, options: options)
      let bound = try conversion.outline(to: folder("out")).peakMemoryByteCount
      #expect(bound <= memory)
      bounds.append(bound)
    }
    #expect(bounds == bounds.sorted().reversed() && Set(bounds).count == 3)
  }

  /// As `zstd -19 --long=27` makes them of what comes by a pipe.
  @Test("A window counts, unless nobody has said how much memory there is")
  func windows() async throws {
    let bytes = try Fixture.bytes("micro/f16.gguf")
    let path = try folder.write("wide.zst", Packed.streamed(bytes, windowLog: 27))
    let model = try Model(opening: path)
    let outline = try Conversion(of: model, to: .gguf).outline(to: folder("out"))
    #expect(outline.windowByteCount == 1 << 27)
    #expect(outline.peakMemoryByteCount > 1 << 27)
    let packing = try Packing(path, .unpack)
    let budget = RunBudget(memoryByteCount: 1 << 27)
    for work: @Sendable () async throws -> Void in [
      {
        var options = ConversionOptions()
        options.budget = budget
        _ = try Conversion(of: model, to: .gguf, options: options)
      }, { try await packing.run(to: "no-such", budget: budget) },
    ] {
      let error = await failure(work)
      #expect(error?.code == .limit)
      #expect(
        error?.message.contains(", 134217728 of them for the window of the zstd frames, 134217728 ")
          == true, "\(error?.message ?? "")")
    }
    try await packing.run(to: folder("unpacked"))
    #expect(try folder.bytes("unpacked").hasSameBytes(as: bytes))
  }

  /// The first frame is all that is known of them beforehand.
  @Test func aFrameWithALargerWindowFollows() async throws {
    let bytes = try Fixture.bytes("micro/f16.gguf")
    let path = try folder.write(
      "wider.zst",
      Packed.plain(Array(bytes[..<700_000]))
        + Packed.streamed(Array(bytes[700_000...]), windowLog: 27))
    let small = await failure {
      try await convert(path, .gguf, to: folder("out")) { $0.budget.memoryByteCount = 100 << 20 }
    }
    #expect(small?.code == .limit)
    #expect(
      small?.message.hasPrefix(
        "the zstd frame asks for a window of 134217728 bytes, after frames with 700000, and memory")
        == true, "\(small?.message ?? "")")
    try await convert(path, .gguf, to: folder("out"))
    try await convert(path, .gguf, to: folder("more")) { $0.budget.memoryByteCount = 300 << 20 }
  }

  @Test func readingIsRefusedToo() async throws {
    let path = Fixture.path("micro/awq")
    let model = try Model(opening: path)
    let budget = RunBudget(memoryByteCount: 1 << 20)
    for work: @Sendable () async throws -> Void in [
      { _ = try await model.fingerprint(budget: budget) },
      { _ = try await WeightComparison(model, model, budget: budget) },
      { try await Packing(path, .pack(level: 3)).run(to: "no-such", budget: budget) },
      { try await Sample(.micro, seed: 1).write(to: "no-such", replacing: false, budget: budget) },
    ] {
      let error = await failure(work)
      #expect(error?.code == .limit)
      #expect(error?.message.contains("--max-memory") == true)
    }
  }

  private func conversion(
    _ path: String, _ budget: RunBudget, verifies: Bool = true
  ) throws(FormatError) -> Conversion {
    var options = ConversionOptions()
    options.compression = .zstd(level: 3)
    options.verifies = verifies
    options.budget = budget
    return try Conversion(of: Model(opening: path), to: .fp16, options: options)
  }

  /// There is one store of frames for all files, and none where no frame is read.
  @Test func keptFramesCountOnce() async throws {
    let plain = Fixture.path("micro/q1_0.gguf")
    let packed = try folder.write("m.zst", await Packed.written(Fixture.bytes("micro/q1_0.gguf")))
    let bound = { (path: String, verifies: Bool) in
      let conversion = try conversion(path, RunBudget(width: 2), verifies: verifies)
      return try MemoryBound(of: conversion, RunSize(width: 2)).byteCount
    }
    let cache = ZstdLimits.cacheByteCount
    #expect(try bound(packed, true) - bound(plain, true) < cache)
    #expect(try bound(plain, true) - bound(plain, false) > cache)
    #expect(try bound(packed, false) - bound(plain, false) > cache)
    let models = (try Model(opening: plain), try Model(opening: packed))
    let one = try MemoryBound(comparing: models.0, models.1, RunSize(width: 2)).byteCount
    let two = try MemoryBound(comparing: models.1, models.1, RunSize(width: 2)).byteCount
    let none = try MemoryBound(comparing: models.0, models.0, RunSize(width: 2)).byteCount
    #expect(one - none > cache && two - one < cache)
  }

  @Test func threadsAreLeftOutOneByOne() async throws {
    let input = Fixture.path("micro/q1_0.gguf")
    var found: [Int] = []
    for memory in stride(from: 60 << 20, through: 400 << 20, by: 2 << 20) {
      let budget = RunBudget(width: 7, memoryByteCount: memory)
      guard let conversion = try? conversion(input, budget) else { continue }
      let outline = try conversion.outline(to: folder("out"))
      #expect(outline.peakMemoryByteCount <= memory)
      #expect(outline.threadCount == outline.shortage?.atWork ?? 7)
      if let shortage = outline.shortage {
        // With as much as it says, all are at work.
        let enough = RunBudget(width: 7, memoryByteCount: shortage.enoughByteCount)
        #expect(memory < shortage.enoughByteCount)
        #expect(try self.conversion(input, enough).shortage == nil)
      }
      if outline.threadCount != found.last { found.append(outline.threadCount) }
    }
    #expect(found == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test func aReportSaysThatThreadsAreLeftOut() async throws {
    let budget = RunBudget(width: 7, memoryByteCount: 100 << 20)
    let conversion = try conversion(Fixture.path("micro/q1_0.gguf"), budget)
    let shortage = try #require(conversion.shortage)
    let (count, enough) = (shortage.atWork, (shortage.enoughByteCount + (1 << 20) - 1) >> 20)
    #expect((1..<7).contains(count) && shortage.wanted == 7)
    let note =
      "\(count) of 7 threads are at work: --max-memory \(enough)MiB is "
      + "enough for all"
    #expect(try await conversion.run(to: folder("out")).notes == [note])
    let packing = try Packing(Fixture.path("micro/q1_0.gguf"), .pack(level: 3))
    let report = try await packing.run(to: folder("m.zst"), budget: budget)
    #expect(report.notes.count == 1 && report.notes.first?.contains(" of 7 threads ") == true)
  }

  @Test func smallerSizesShrinkTilesBeforeTasks() {
    let sizes = RunSize(width: 5).andSmaller
    #expect(sizes.map(\.width).filter { $0 < 5 }.prefix(4) == [4, 3, 2, 1])
    #expect(sizes.first == RunSize(width: 5))
    #expect(sizes.prefix { $0.width == 5 }.last?.tileByteCount == 1 << 18)
    #expect(sizes.last == RunSize(width: 1, tileByteCount: 1 << 14))
    for (size, next) in zip(sizes, sizes.dropFirst()) {
      #expect(next.width * next.tileByteCount < size.width * size.tileByteCount)
    }
  }
}
