import Foundation
import Synchronization
import Testing

@testable import Formats

/// With the usual tiles a tensor of these models is one.
@Suite("The output does not depend on threads and tiles")
struct TileSizeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static let pairs = ConversionTarget.allCases.flatMap { source in
    ConversionTarget.allCases.map { MatrixTests.Pair(source: source, target: $0) }
  }
  private static let sizes = [
    RunSize(width: 1, tileByteCount: 1), RunSize(width: 2, tileByteCount: 5000),
    RunSize(width: 7, tileByteCount: 40_000),
  ]

  private func options(
    _ size: RunSize, _ change: (inout ConversionOptions) -> Void
  ) -> ConversionOptions {
    var options = ConversionOptions()
    options.writesModelCard = false
    // Enough for all threads, each of which may compress.
    options.budget = RunBudget(width: size.width, memoryByteCount: 1 << 30)
    options.budget.tileByteCount = size.tileByteCount
    change(&options)
    return options
  }

  /// - Returns: How many tiles were written.
  @discardableResult
  private func run(
    _ model: Model, _ target: ConversionTarget, to name: String, _ size: RunSize,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> Int {
    let conversion = try Conversion(of: model, to: target, options: options(size, change))
    #expect(conversion.size == size)
    let count = Mutex(0)
    let report = try await conversion.run(to: folder(name)) { progress in
      if progress.phase == .converting { count.withLock { $0 += 1 } }
    }
    #expect(report.isProven)
    return count.withLock { $0 }
  }

  @Test(arguments: pairs) func files(pair: MatrixTests.Pair) async throws {
    let model = try Model(opening: Fixture.path("micro/\(pair.source.fixture)"))
    try await run(model, pair.target, to: "usual", RunSize(width: 1))
    for (size, least) in zip(Self.sizes, [4, 1, 1]) {
      let count = try await run(model, pair.target, to: "\(size.width)", size)
      #expect(count >= least * model.tensors.count, "\(size)")
      #expect(try folder.differingFiles("usual", "\(size.width)") == [], "\(size)")
    }
  }

  @Test(arguments: pairs) func compressed(pair: MatrixTests.Pair) async throws {
    let model = try Model(opening: Fixture.path("micro/\(pair.source.fixture)"))
    let compress = { (options: inout ConversionOptions) in
      options.compression = .zstd(level: 1)
    }
    try await run(model, pair.target, to: "usual", RunSize(width: 1), compress)
    for size in Self.sizes.dropFirst() {
      try await run(model, pair.target, to: "\(size.width)", size, compress)
      #expect(try folder.differingFiles("usual", "\(size.width)") == [], "\(size)")
    }
  }

  @Test(arguments: pairs.filter(\.target.isGGUF))
  func standardOutput(pair: MatrixTests.Pair) async throws {
    let model = try Model(opening: Fixture.path("micro/\(pair.source.fixture)"))
    try await run(model, pair.target, to: "usual", RunSize(width: 1))
    for size in Self.sizes {
      let descriptor = try SystemCalls.open(folder("out"), O_WRONLY | O_CREAT | O_TRUNC)
      defer { try? SystemCalls.close(descriptor, path: "out") }
      let conversion = try Conversion(
        of: model, to: pair.target, options: options(size) { _ in })
      _ = try await conversion.run(toDescriptor: descriptor, name: "standard output")
      #expect(try folder.differingFiles("usual", "out") == [], "\(size)")
    }
  }

  /// What a stream can bring.
  @Test(arguments: pairs.filter { [.fp16, .gguf, .ggufF16].contains($0.source) })
  func streams(pair: MatrixTests.Pair) async throws {
    let path = "micro/\(pair.source.fixture)"
    try await run(Model(opening: Fixture.path(path)), pair.target, to: "usual", RunSize(width: 1))
    let isFile = pair.source != .fp16
    let bytes = try Fixture.bytes(isFile ? path : path + "/model.safetensors")
    for size in Self.sizes {
      let model = try Model(
        passing: bytes, configDirectory: isFile ? nil : Fixture.path(path))
      try await run(model, pair.target, to: "\(size.width)", size)
      #expect(try folder.differingFiles("usual", "\(size.width)") == [], "\(size)")
    }
  }

  @Test("Rows within heads change places", arguments: [ConversionTarget.fp16, .awq, .gguf])
  func heads(target: ConversionTarget) async throws {
    let model = try Model(opening: ArchitectureTests.gguf("llama").write(to: folder))
    try await run(model, target, to: "usual", RunSize(width: 1))
    for size in Self.sizes {
      try await run(model, target, to: "\(size.width)", size)
      #expect(try folder.differingFiles("usual", "\(size.width)") == [], "\(size)")
    }
  }
}
