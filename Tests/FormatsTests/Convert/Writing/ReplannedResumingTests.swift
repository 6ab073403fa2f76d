import Synchronization
import Testing

@testable import Formats

/// A plan may be refuted by the weights, and what was finished by then need not be lost, neither to the
/// plan that follows nor to a later run.
@Suite("Conversions that are planned anew and resumed")
struct ReplannedResumingTests {
  private let folder: TemporaryFolder
  private let input: String

  /// A model with a matrix of the last layer that is not 1-bit.
  init() throws {
    folder = try TemporaryFolder()
    var gguf = try EditedGGUF("micro/f16.gguf")
    gguf.edit("blk.1.ffn_up.weight") { $0.bytes[0] ^= 1 }
    input = try gguf.write(to: folder)
  }

  private static let hidden = ".out.bonsai-fmt-partial"

  private func options(_ target: ConversionTarget, resumes: Bool = true) -> ConversionOptions {
    var options = ConversionOptions()
    options.writesModelCard = false
    options.shardByteCount = 100_000
    if target.isGGUF { options.split = GGUFSplitLimits(tensorCount: 6) }
    options.resumes = resumes
    return options
  }

  private func makeReference(_ target: ConversionTarget) async throws -> [String] {
    try folder.makeFolder("whole")
    let report = try await Conversion(
      of: Model(opening: input), to: target, options: options(target, resumes: false)
    ).run(to: folder("whole/out"))
    #expect(!report.notes.isEmpty)
    return report.files.map(\.name).filter { $0.hasPrefix("model-") || $0.hasPrefix("out-") }
  }

  @Test(arguments: [ConversionTarget.awq, .mlx, .gguf])
  func filesOfTheOtherPlanAreKept(target: ConversionTarget) async throws {
    let names = try await makeReference(target)
    #expect(names.count > 1)
    try folder.makeFolder(Self.hidden)
    var found: [String: SystemCalls.Status] = [:]
    for name in names.dropLast() {
      try folder.write("\(Self.hidden)/\(name)", folder.bytes("whole/out/\(name)"))
      found[name] = try SystemCalls.status(folder("\(Self.hidden)/\(name)"))
    }
    _ = try await Conversion(of: Model(opening: input), to: target, options: options(target))
      .run(to: folder("out"))
    #expect(try folder.differingFiles("whole/out", "out") == [])
    for (name, status) in found {
      #expect(try SystemCalls.status(folder("out/\(name)")) == status, "\(name)")
    }
  }

  /// The first file is finished before the weights of another one refute the plan.
  @Test func whatIsFinishedIsTakenUp() async throws {
    let names = try await makeReference(.gguf)
    let first = try #require(names.first)
    let seen = Mutex<SystemCalls.Status?>(nil)
    let path = folder("\(Self.hidden)/\(first)")
    _ = try await Conversion(of: Model(opening: input), to: .gguf, options: options(.gguf))
      .run(to: folder("out")) { _ in
        guard let status = try? SystemCalls.status(path) else { return }
        seen.withLock { $0 = $0 ?? status }
      }
    #expect(try folder.differingFiles("whole/out", "out") == [])
    let status = try #require(seen.withLock { $0 })
    #expect(try SystemCalls.status(folder("out/\(first)")) == status)
  }

  @Test(arguments: [true, false]) func whatIsRefusedLeavesNothing(hasLeftover: Bool) async throws {
    if hasLeftover {
      try folder.makeFolder(Self.hidden)
      try folder.write("\(Self.hidden)/out-00001-of-00004.gguf", [1, 2, 3])
    }
    for isStrict in [true, false] {
      let error = await failure {
        var options = options(.gguf)
        options.isStrict = isStrict
        var input = input
        if !isStrict {
          // Quantized weights that are not 1-bit are never kept.
          var mlx = try EditedDirectory("micro/mlx")
          mlx.edit("layers.1.mlp.up_proj.biases") { $0[half: 0] = 0x3C00 }
          input = try mlx.write(to: folder, as: "mlx")
        }
        _ = try await Conversion(of: Model(opening: input), to: .gguf, options: options)
          .run(to: folder("out"))
      }
      #expect(error?.code == .notExact, "\(error?.description ?? "nothing")")
      #expect(try folder.names.allSatisfy { !$0.contains("out") })
    }
  }

  /// Before the weights are read, of which one would be refused.
  @Test func anotherRunIsSeenFirst() async throws {
    var gguf = try EditedGGUF("micro/f16.gguf")
    gguf.edit("blk.1.ffn_up.weight") { $0.bytes[1] = 0x7C }
    let input = try gguf.write(to: folder, as: "infinite.gguf")
    let other = try OutputTransaction(
      folder("out"), .directory, replacing: false, inputs: [], resuming: true)
    try folder.write("\(Self.hidden)/out-00001-of-00004.gguf", [1, 2, 3])
    var options = options(.gguf)
    options.allowsRounding = true
    for code in [FormatError.Code.locked, .notExact] {
      let error = await failure { [options] in
        _ = try await Conversion(of: Model(opening: input), to: .gguf, options: options)
          .run(to: folder("out"))
      }
      #expect(error?.code == code, "\(error?.description ?? "")")
      #expect(try folder.names.contains(Self.hidden) == (code == .locked))
      other.rollBack()
    }
  }
}
