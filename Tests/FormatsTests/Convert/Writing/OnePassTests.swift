import Foundation
import Testing

@testable import Formats

@Suite("Conversions of streams")
struct OnePassTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let targets = ConversionTarget.allCases

  @discardableResult
  private func convertPassing(
    _ bytes: some Sequence<UInt8>, _ target: ConversionTarget, as name: String = "passed",
    config: String? = nil, _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> ConversionReport {
    var options = ConversionOptions()
    options.writesModelCard = false
    change(&options)
    let model = try Model(passing: bytes, configDirectory: config.map(Fixture.path))
    return try await Conversion(of: model, to: target, options: options).run(to: folder(name))
  }

  @Test(
    "The same files as from a file", arguments: ["micro", "micro-tied-edge"],
    ["q1_0.gguf", "f16.gguf", "fp16"])
  func sameAsFromAFile(fixture: String, source: String) async throws {
    let path = "\(fixture)/\(source)"
    let isDirectory = source == "fp16"
    let bytes = try Fixture.bytes(isDirectory ? path + "/model.safetensors" : path)
    for target in Self.targets {
      let report = try await convertPassing(
        bytes, target, as: "passed-\(target)", config: isDirectory ? path : nil)
      let (_, expected) = try await convert(
        Fixture.path(path), target, to: folder("file-\(target)")
      ) { $0.writesModelCard = false }
      #expect(try folder.differingFiles("file-\(target)", "passed-\(target)") == [], "\(target)")
      #expect(report.isProven)
      #expect(report.fingerprint == expected.fingerprint)
      #expect(report.notes == expected.notes)
    }
  }

  @Test("Whatever the number of threads", arguments: [1, 2, 7])
  func widths(width: Int) async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    try await convertPassing(bytes, .awq) { $0.budget.width = width }
    try await convert(Fixture.path("micro/q1_0.gguf"), .awq, to: folder("file")) {
      $0.writesModelCard = false
    }
    #expect(try folder.differingFiles("file", "passed") == [])
  }

  /// Rows within heads change places: a window of the stream must hold whole heads.
  @Test(arguments: [ConversionTarget.fp16, .awq, .mlx, .gguf, .ggufF16])
  func rowsInAnotherOrder(target: ConversionTarget) async throws {
    let path = try ArchitectureTests.gguf("llama").write(to: folder)
    try await convertPassing(folder.bytes("model.gguf"), target)
    try await convert(path, target, to: folder("file")) { $0.writesModelCard = false }
    #expect(try folder.differingFiles("file", "passed") == [])
  }

  /// The cuts are dealt out, for one after the other would wait each time for all other tests.
  @Test(arguments: [ConversionTarget.awq, .fp16], 0..<7)
  func aStreamThatIsCutLeavesNothing(target: ConversionTarget, turn: Int) async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let end = try #require(
      Model(opening: Fixture.path("micro/q1_0.gguf")).tensors.last?.parts[0].info.range.upperBound)
    let cuts = Array(stride(from: 1, to: end, by: 3001)) + [end - 1]
    for (number, count) in cuts.enumerated() where number % 7 == turn {
      let error = await failure { try await convertPassing(bytes.prefix(count), target) }
      let isExpected = error?.code == .truncated || count < 9 && error?.code == .malformed
      #expect(isExpected, "\(count): \(error?.description ?? "nothing")")
      #expect(try folder.names == [], "\(count)")
    }
    if turn == 0 { try await convertPassing(bytes.prefix(end), target, as: "whole") }
  }

  /// A stream has no name of its own.
  @Test func theCardNamesTheOutput() async throws {
    var gguf = try EditedGGUF()
    gguf.set([("general.name", nil)])
    let source = PassingBytes(
      try FileSource(path: gguf.write(to: folder)).everything(),
      name: StreamSource.standardInputName)
    let model = try Model(reading: StreamSource(source))
    _ = try await Conversion(of: model, to: .fp16).run(to: folder("My-Model"))
    let card = try folder.text("My-Model/README.md")
    #expect(card.contains("# My\\-Model, "))
    #expect(card.contains("Made by bonsai-fmt from a stream: 2 layers"))
  }

  @Test func whatFollowsTheEndIsRefused() async throws {
    let path = "micro/fp16/model.safetensors"
    for (bytes, config) in [
      (try Fixture.bytes("micro/q1_0.gguf"), nil), (try Fixture.bytes(path), "micro/fp16"),
    ] {
      let error = await failure {
        try await convertPassing(bytes + [0], .mlx, config: config)
      }
      #expect(
        error?.description
          == "<stream>:\(bytes.count): the header describes \(bytes.count) bytes, and more follow")
      #expect(try folder.names == [])
    }
  }

  /// What was written is changed before it is proven.
  @Test(arguments: [ConversionTarget.gguf, .ggufF16])
  func theProofSeesAChange(target: ConversionTarget) async throws {
    let model = try Model(passing: Fixture.bytes("micro/q1_0.gguf"))
    let conversion = try Conversion(of: model, to: target)
    let count = conversion.tensors.moves.reduce(0) { $0 + $1.target.byteCount }
    let matrix = try #require(conversion.tensors.moves.first { $0.target.name.contains("ffn_up") })
    let place = matrix.target.parts[0].info.range.lowerBound + 5
    let hidden = folder(".out.bonsai-fmt-partial")
    let error = await failure {
      _ = try await conversion.run(to: folder("out")) { progress in
        guard progress.phase == .converting, progress.done == count else { return }
        guard let descriptor = try? SystemCalls.open(hidden, O_RDWR) else { return }
        var byte: [UInt8] = [0]
        _ = unsafe byte.withUnsafeMutableBytes { buffer in
          try? unsafe SystemCalls.read(descriptor, into: buffer, at: place, path: hidden)
        }
        byte[0] ^= 0x80
        _ = unsafe byte.withUnsafeBytes { buffer in
          try? unsafe SystemCalls.write(descriptor, from: buffer, at: place, path: hidden)
        }
        try? SystemCalls.close(descriptor, path: hidden)
      }
    }
    #expect(error?.code == .proofFailed)
    #expect(error?.location.tensor == matrix.target.name)
    #expect(try folder.names == [])
  }
}

@Suite("What one pass is not enough for")
struct OnePassRefusalTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func refusal(
    _ bytes: [UInt8], _ target: ConversionTarget = .fp16, config: String? = nil,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async -> FormatError? {
    var options = ConversionOptions()
    change(&options)
    return await failure { [options] in
      let model = try Model(passing: bytes, configDirectory: config)
      _ = try Conversion(of: model, to: target, options: options)
    }
  }

  /// What would not help is not asked for.
  @Test(arguments: ["awq", "mlx"], [true, false])
  func partsThatLieApart(layout: String, isConfigured: Bool) async throws {
    let bytes = try Fixture.bytes("micro/\(layout)/model.safetensors")
    let once = " lie far apart, and a stream is read only once: save it to a file and convert that"
    let unpacking = ", or where it has no seek table what 'bonsai-fmt unpack' makes of it"
    for (stream, way) in [(bytes, once), (Packed.plain(bytes), once + unpacking)] {
      let error = await failure {
        let model = try Model(
          reading: StreamSource.opening(PassingBytes(stream)),
          configDirectory: isConfigured ? Fixture.path("micro/\(layout)") : nil)
        _ = try Conversion(of: model, to: .gguf)
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message.hasPrefix("the parts of a weight in ") == true)
      #expect(error?.message.hasSuffix(way) == true, "\(error?.message ?? "")")
    }
  }

  /// A file is there, and can be unpacked where it is.
  @Test func partsThatLieApartInAFile() async throws {
    let path = try folder.write(
      "model.zst", Packed.plain(Fixture.bytes("micro/awq/model.safetensors")))
    let error = await failure { _ = try Conversion(of: Model(opening: path), to: .gguf) }
    #expect(
      error?.message.hasSuffix(
        "without a seek table is read only once: 'bonsai-fmt unpack' makes a file of it that can be "
          + "converted") == true, "\(error?.message ?? "")")
  }

  @Test func roundingAndResuming() async throws {
    let bytes = try Fixture.bytes("micro/q1_0.gguf")
    let rounding = await refusal(bytes) { $0.allowsRounding = true }
    #expect(rounding?.message.hasPrefix("what is rounded is planned by") == true)
    let resuming = await refusal(bytes) { $0.resumes = true }
    #expect(resuming?.message.hasPrefix("what is there of an output") == true)
    let conversion = try Conversion(of: Model(passing: bytes), to: .awq)
    let scan = await failure { _ = try await conversion.scan() }
    #expect(scan?.message.hasPrefix("a scan reads all weights") == true)
  }

  @Test func configurations() async throws {
    let weights = try Fixture.bytes("micro/fp16/model.safetensors")
    let alone = await refusal(weights)
    #expect(alone?.message.contains("--config-from") == true)
    let missing = await refusal(weights, config: Fixture.path("vocab"))
    #expect(missing?.code == .notFound)
    let gguf = await refusal(
      try Fixture.bytes("micro/q1_0.gguf"), config: Fixture.path("micro/fp16"))
    #expect(gguf?.code == .usage)
  }

  @Test func tiedModelsThatStoreTheirOutput() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("tie_word_embeddings", true)
    let path = try directory.write(to: folder)
    let bytes = try folder.bytes("model/model.safetensors")
    let error = await refusal(bytes, .awq, config: path)
    #expect(error?.location.tensor == "lm_head.weight")
    #expect(await refusal(bytes, .gguf, config: path) == nil)
  }

  @Test func oneOfSeveralFiles() async throws {
    var gguf = try EditedGGUF()
    gguf.set([("split.count", .uint16(2)), ("split.no", .uint16(0))])
    try gguf.write(to: folder)
    let error = await refusal(try folder.bytes("model.gguf"))
    #expect(error?.message.hasPrefix("this is one of 2 files of a model") == true)
  }

  /// Only the weights themselves can tell.
  @Test func whatIsNotExactAfterAll() async throws {
    var gguf = try EditedGGUF()
    gguf.edit("blk.1.attn_norm.weight") { $0.bytes[0] |= 1 }
    try gguf.write(to: folder)
    let conversion = try Conversion(of: Model(passing: folder.bytes("model.gguf")), to: .awq)
    let error = await failure { _ = try await conversion.run(to: folder("out")) }
    #expect(error?.code == .notExact)
    #expect(error?.location.tensor == "blk.1.attn_norm.weight")
    #expect(error?.message.hasSuffix("but in a stream this comes too late") == true)
    #expect(try folder.names == ["model.gguf"])
  }
}
