import Foundation
import Synchronization
import Testing

@testable import Formats

@Suite("Conversions that compress what they write")
struct CompressingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func compress(
    _ input: String, _ target: ConversionTarget, to name: String = "out", level: Int = 3,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> ConversionReport {
    try await convert(input, target, to: folder(name)) {
      $0.compression = .zstd(level: level)
      change(&$0)
    }.report
  }

  /// The same in two steps.
  private func packed(
    _ input: String, _ target: ConversionTarget, level: Int = 3,
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws {
    try await convert(input, target, to: folder("plain"), change)
    try await Packing(folder("plain"), .pack(level: level)).run(to: folder("packed"))
  }

  @Test("The same files as converted and then packed", arguments: ConversionTarget.allCases)
  func sameAsPacked(target: ConversionTarget) async throws {
    for source in [ConversionTarget.gguf, target == .awq ? .mlx : .awq] {
      let input = Fixture.path("micro/\(source.fixture)")
      let own = try TemporaryFolder()
      let (_, plain) = try await convert(input, target, to: own("plain"))
      try await Packing(own("plain"), .pack(level: 3)).run(to: own("packed"))
      let (_, report) = try await convert(input, target, to: own("out")) {
        $0.compression = .zstd(level: 3)
      }
      #expect(try own.differingFiles("packed", "out") == [], "\(source)")
      #expect(report.isProven && report.fingerprint == plain.fingerprint)
      #expect(report.weightCount == plain.weightCount)
      let sizes = try report.files.filter { !$0.name.isEmpty }.map { file in
        try FileSource(path: target.isGGUF ? own("out") : own("out/\(file.name)")).byteCount
      }
      #expect(report.files.map(\.byteCount) == sizes)
    }
  }

  @Test("Whatever the number of threads", arguments: [1, 2, 7])
  func widths(width: Int) async throws {
    for (source, target) in [("q1_0.gguf", ConversionTarget.awq), ("awq", .mlx), ("mlx", .gguf)] {
      let own = try TemporaryFolder()
      let input = Fixture.path("micro-tied-edge/\(source)")
      for (name, width) in [("one", 1), ("other", width)] {
        try await convert(input, target, to: own(name)) {
          $0.compression = .zstd(level: 1)
          $0.budget.width = width
        }
      }
      #expect(try own.differingFiles("one", "other") == [])
    }
  }

  @Test func shardsAndTheirIndex() async throws {
    let input = Fixture.path("micro/q1_0.gguf")
    for target in [ConversionTarget.fp16, .awq, .mlx] {
      let own = try TemporaryFolder()
      let (model, _) = try await convert(input, target, to: own("out")) {
        $0.compression = .zstd(level: 5)
        $0.shardByteCount = 40_000
      }
      #expect(model.files.count > 1)
      try await convert(input, target, to: own("plain")) { $0.shardByteCount = 40_000 }
      try await Packing(own("plain"), .pack(level: 5)).run(to: own("packed"))
      #expect(try own.differingFiles("packed", "out") == [])
    }
  }

  @Test func splitGGUFs() async throws {
    let limits = GGUFSplitLimits(tensorCount: 10)
    let report = try await compress(
      Fixture.path("micro/awq"), .gguf, to: "m.gguf.zst"
    ) { $0.split = limits }
    #expect(report.files.map(\.name).first == "m-00001-of-00003.gguf.zst")
    try await convert(Fixture.path("micro/awq"), .gguf, to: folder("m")) { $0.split = limits }
    try await Packing(folder("m"), .pack(level: 3)).run(to: folder("packed"))
    #expect(try folder.differingFiles("packed", "m.gguf.zst") == [])
  }

  @Test func standardOutput() async throws {
    for (source, target) in [("awq", ConversionTarget.gguf), ("q1_0.gguf", .ggufF16)] {
      let input = Fixture.path("micro/\(source)")
      let own = try TemporaryFolder()
      try await convert(input, target, to: own("plain"))
      try await Packing(own("plain"), .pack(level: 3)).run(to: own("packed"))
      var models = [try Model(opening: input)]
      if source == "q1_0.gguf" {
        models.append(try Model(passing: Fixture.bytes("micro/q1_0.gguf")))
      }
      for model in models {
        var options = ConversionOptions()
        options.compression = .zstd(level: 3)
        let conversion = try Conversion(of: model, to: target, options: options)
        let descriptor = try SystemCalls.open(own("out"), O_WRONLY | O_CREAT | O_TRUNC)
        let report = try await conversion.run(toDescriptor: descriptor, name: "standard output")
        try SystemCalls.close(descriptor, path: "out")
        #expect(report.isProven && report.fingerprint != nil)
        #expect(try own.differingFiles("packed", "out") == [])
        #expect(report.byteCount == (try own.bytes("out").count))
      }
    }
  }

  @Test func streams() async throws {
    try await packed(Fixture.path("micro/q1_0.gguf"), .ggufF16)
    var options = ConversionOptions()
    options.compression = .zstd(level: 3)
    let model = try Model(passing: Fixture.bytes("micro/q1_0.gguf"))
    let report = try await Conversion(of: model, to: .ggufF16, options: options)
      .run(to: folder("out"))
    #expect(report.isProven && report.fingerprint != nil)
    #expect(try folder.differingFiles("packed", "out") == [])
    for target in [ConversionTarget.awq, .fp16, .mlx] {
      let model = try Model(passing: Fixture.bytes("micro/q1_0.gguf"))
      let error = await failure { _ = try Conversion(of: model, to: target, options: options) }
      #expect(error?.message.hasPrefix("what is compressed is written in the order") == true)
    }
  }

  /// A norm that F16 cannot hold is known only when the tensors are read.
  @Test func whatIsNotExactStays() async throws {
    var gguf = try EditedGGUF("micro/f16.gguf")
    gguf.edit("blk.1.ffn_up.weight") { $0.bytes[0] ^= 1 }
    let input = try gguf.write(to: folder)
    let report = try await compress(input, .gguf)
    #expect(report.notes.count == 1)
    #expect(report.notes.first?.hasPrefix("blk.1.ffn_up.weight stays F16: ") == true)
    try await packed(input, .gguf)
    #expect(try folder.differingFiles("packed", "out") == [])
    let rounded = try await compress(input, .gguf, to: "rounded") { $0.allowsRounding = true }
    #expect(rounded.roundedTensors.count == 1 && rounded.isProven)
  }

  @Test func existingOutputs() async throws {
    let input = Fixture.path("micro/q1_0.gguf")
    try await compress(input, .awq)
    let error = await failure { try await compress(input, .awq) }
    #expect(error?.code == .exists)
    try await compress(input, .awq, level: 7) { $0.replaces = true }
    #expect(try folder.names == ["out"])
  }

  @Test func finishedFilesAreUsedAgain() async throws {
    let input = Fixture.path("micro/q1_0.gguf")
    let change = { (options: inout ConversionOptions) in
      options.shardByteCount = 100_000
      options.resumes = true
      options.writesModelCard = false
    }
    try await compress(input, .fp16, to: "whole", change)
    let names = try SystemCalls.list(folder("whole")).filter { $0.hasSuffix(".safetensors.zst") }
    // The first is finished, the second another's, the third broken.
    let hidden = try folder.makeFolder(".out.bonsai-fmt-partial")
    try folder.write(
      ".out.bonsai-fmt-partial/\(names[0])", folder.bytes("whole/\(names[0])"))
    try folder.write(
      ".out.bonsai-fmt-partial/\(names[1])", folder.bytes("whole/\(names[0])"))
    var broken = try folder.bytes("whole/\(names[2])")
    broken[broken.count / 2] ^= 1
    try folder.write(".out.bonsai-fmt-partial/\(names[2])", broken)
    let status = try SystemCalls.status(Paths.join(hidden, names[0]))
    try await compress(input, .fp16, change)
    #expect(try folder.differingFiles("whole", "out") == [])
    #expect(try SystemCalls.status(folder("out/\(names[0])")) == status)
  }

  /// What was written is changed before it is proven.
  @Test func theProofSeesAChange() async throws {
    var options = ConversionOptions()
    options.compression = .zstd(level: 1)
    options.budget.width = 1
    let conversion = try Conversion(
      of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .ggufF16, options: options)
    let hidden = folder(".out.bonsai-fmt-partial")
    let changed = Once()
    let error = await failure {
      _ = try await conversion.run(to: folder("out")) { progress in
        guard progress.phase == .proving, changed.isFirst else { return }
        guard let file = try? FileSource(path: hidden), let table = try? SeekTable(of: file),
          let frame = (0..<table.count).last.map({ table[$0].packed }),
          var byte = try? file.bytes(frame.upperBound - 9..<frame.upperBound - 8),
          let descriptor = try? SystemCalls.open(hidden, O_RDWR)
        else { return }
        byte[0] ^= 0x80
        let bytes = byte
        _ = unsafe bytes.withUnsafeBytes { buffer in
          try? unsafe SystemCalls.write(
            descriptor, from: buffer, at: frame.upperBound - 9, path: hidden)
        }
        try? SystemCalls.close(descriptor, path: hidden)
      }
    }
    #expect(error?.code == .proofFailed)
    #expect(try folder.names == [])
  }

  @Test func plansBoundWhatTheyDoNotKnow() async throws {
    var options = ConversionOptions()
    options.compression = .zstd(level: 19)
    let conversion = try Conversion(
      of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .fp16, options: options)
    let outline = try conversion.outline(to: folder("out"))
    let file = try #require(outline.files.first)
    #expect(file.name == "model.safetensors.zst" && file.byteCount == nil)
    let report = try await conversion.run(to: folder("out"))
    let written = try #require(report.files.first { $0.name == file.name })
    #expect(written.byteCount <= file.largestByteCount ?? 0)
    let plain = try Conversion(of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .fp16)
    let plainOutline = try plain.outline(to: folder("other"))
    #expect(outline.peakMemoryByteCount > plainOutline.peakMemoryByteCount)
  }
}

/// `true` once.
private final class Once: Sendable {
  private let flag = Mutex(true)
  var isFirst: Bool {
    flag.withLock { flag in
      defer { flag = false }
      return flag
    }
  }
}

@Suite struct CompressionTests {
  @Test func levels() throws {
    #expect(try Compression(parsing: "zstd") == .zstd(level: 3))
    #expect(try Compression(parsing: "zstd:19") == .zstd(level: 19))
    for text in ["", "gzip", "zstd:", "zstd:0", "zstd:23", "zstd:-1", "zstd:3x", "zstd:3:4"] {
      #expect(throws: FormatError.self, "\(text)") { try Compression(parsing: text) }
    }
  }

  /// What is written must not depend on the level's context being larger than the plan says.
  @Test func nothingGrowsBeyondItsBound() throws {
    for count in [0, 1, 1000, 1 << 20, (1 << 20) + 1] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
      var scratch: [UInt8] = []
      var total = 8 + SeekTable.footerByteCount
      for start in stride(from: 0, to: count, by: 1 << 20) {
        let piece = Array(bytes[start..<min(count, start + 1 << 20)])
        total += 12 + (try Zstd.compress(piece, level: 1, scratch: &scratch).count)
      }
      #expect(total <= Zstd.bound(count))
    }
  }
}
