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

  @Test func smallerSizesShrinkTilesBeforeTasks() {
    let sizes = RunSize(width: 5).andSmaller
    #expect(sizes.first == RunSize(width: 5))
    #expect(sizes.prefix { $0.width == 5 }.last?.tileByteCount == 1 << 18)
    #expect(sizes.last == RunSize(width: 1, tileByteCount: 1 << 14))
    for (size, next) in zip(sizes, sizes.dropFirst()) {
      #expect(next.width * next.tileByteCount < size.width * size.tileByteCount)
    }
  }
}
