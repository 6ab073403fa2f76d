import Foundation
import Testing

@testable import Formats

@Suite("Conversions to a stream")
struct StandardOutputTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func pass(
    _ model: Model, _ target: ConversionTarget,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> ConversionReport {
    var options = ConversionOptions()
    change(&options)
    let descriptor = try SystemCalls.open(folder("out"), O_WRONLY | O_CREAT)
    defer { try? SystemCalls.close(descriptor, path: "out") }
    return try await Conversion(of: model, to: target, options: options).run(
      toDescriptor: descriptor, name: "standard output")
  }

  @Test(
    "The same bytes as in a file", arguments: ConversionTarget.allCases,
    [ConversionTarget.gguf, .ggufF16])
  func sameAsInAFile(source: ConversionTarget, target: ConversionTarget) async throws {
    for fixture in ["micro", "micro-tied-edge"] {
      let path = Fixture.path("\(fixture)/\(source.fixture)")
      let (_, expected) = try await convert(path, target, to: folder("file")) {
        $0.replaces = true
      }
      for width in [1, 2, 7] {
        let report = try await pass(Model(opening: path), target) { $0.budget.width = width }
        #expect(try folder.differingFiles("file", "out") == [])
        #expect(report.fingerprint == expected.fingerprint)
        #expect(report.isProven)
        try SystemCalls.removeFile(folder("out"))
      }
    }
  }

  @Test func fromAStreamToAStream() async throws {
    let report = try await pass(Model(passing: Fixture.bytes("micro/q1_0.gguf")), .ggufF16)
    let (_, expected) = try await convert(
      Fixture.path("micro/q1_0.gguf"), .ggufF16, to: folder("file"))
    #expect(try folder.differingFiles("file", "out") == [])
    #expect(report.fingerprint == expected.fingerprint)
  }

  @Test func whatFailsSaysThatItIsIncomplete() async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    for width in [1, 2, 7] {
      let error = await failure {
        try await pass(Model(passing: bytes.prefix(60_000)), .ggufF16) { $0.budget.width = width }
      }
      #expect(error?.code == .truncated)
      #expect(
        error?.message.hasSuffix("; what was written to standard output is incomplete") == true)
      try SystemCalls.removeFile(folder("out"))
    }
  }

  @Test func refusals() async throws {
    let model = try Model(opening: Fixture.path("micro/fp16"))
    let directory = await failure { try await pass(model, .awq) }
    #expect(directory?.code == .usage)
    let split = await failure {
      try await pass(model, .gguf) { $0.split = GGUFSplitLimits(tensorCount: 3) }
    }
    #expect(split?.code == .usage)
    let rounded = await failure { try await pass(model, .gguf) { $0.allowsRounding = true } }
    #expect(rounded?.code == .unsupported)
    let order = await failure {
      let bytes = try Fixture.bytes("micro/fp16/model.safetensors")
      try await pass(
        Model(passing: bytes, configDirectory: Fixture.path("micro/fp16")), .gguf)
    }
    #expect(order?.message.hasPrefix("its tensors come in another order") == true)
    #expect(try folder.bytes("out") == [])
  }
}
