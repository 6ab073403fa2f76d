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
