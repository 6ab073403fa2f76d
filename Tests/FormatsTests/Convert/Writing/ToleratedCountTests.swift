import Foundation
import Testing

@testable import Formats

/// However an output is written, and however often a tensor is read for that, a group that is
/// tolerated counts once.
@Suite("Tolerated groups are counted once")
struct ToleratedCountTests {
  private let folder: TemporaryFolder
  private let input: String

  /// A model with five such groups, in tensors of two layers.
  init() throws {
    folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/mlx")
    for (name, groups) in [
      ("model.layers.0.mlp.up_proj", [0, 1]), ("model.layers.1.self_attn.q_proj", [0, 2, 3]),
    ] {
      // A bias of 3 × 2⁻²⁴ and a scale of 7 × 2⁻²⁴.
      for group in groups {
        directory.edit("\(name).scales") { $0[half: group] = 7 }
        directory.edit("\(name).biases") { $0[half: group] = 0x8003 }
      }
    }
    input = try directory.write(to: folder)
  }

  private static let targets: [ConversionTarget] = [.awq, .fp16, .gguf, .ggufF16]

  private func options(_ width: Int) -> ConversionOptions {
    var options = ConversionOptions()
    options.toleratesSubnormals = true
    options.budget.width = width
    options.budget.tileByteCount = 3000
    options.shardByteCount = 100_000
    return options
  }

  @Test(arguments: targets, [1, 7]) func files(target: ConversionTarget, width: Int) async throws {
    for compression in [nil, Compression.zstd(level: 1)] {
      var options = options(width)
      options.compression = compression
      options.replaces = true
      let conversion = try Conversion(of: Model(opening: input), to: target, options: options)
      #expect(try await conversion.run(to: folder("out")).toleratedGroupCount == 5)
    }
  }

  @Test(arguments: [ConversionTarget.gguf, .ggufF16], [1, 7])
  func standardOutput(target: ConversionTarget, width: Int) async throws {
    let conversion = try Conversion(
      of: Model(opening: input), to: target, options: options(width))
    let descriptor = try SystemCalls.open(folder("out"), O_WRONLY | O_CREAT)
    defer { try? SystemCalls.close(descriptor, path: "out") }
    let report = try await conversion.run(toDescriptor: descriptor, name: "standard output")
    #expect(report.toleratedGroupCount == 5)
  }

  /// Files are accepted, written anew because another is there, and written for the first time.
  @Test(arguments: targets, [nil, Compression.zstd(level: 1)])
  func resumed(target: ConversionTarget, compression: Compression?) async throws {
    var options = options(2)
    options.compression = compression
    if target.isGGUF { options.split = GGUFSplitLimits(tensorCount: 10) }
    let conversion = try Conversion(of: Model(opening: input), to: target, options: options)
    try folder.makeFolder("whole")
    #expect(try await conversion.run(to: folder("whole/out")).toleratedGroupCount == 5)
    let names = conversion.tensors.files.map { conversion.name(of: $0, in: "out") }
    #expect(names.count >= 3)
    options.resumes = true
    for turn in 0..<3 {
      try folder.makeFolder(".out.bonsai-fmt-partial")
      for (number, name) in names.enumerated() where number % 3 != turn {
        var bytes = try folder.bytes("whole/out/\(name)")
        // The last bytes: all tensors before them are read in vain.
        if number % 3 == (turn + 1) % 3 { bytes[bytes.count - 1] ^= 1 }
        try folder.write(".out.bonsai-fmt-partial/\(name)", bytes)
      }
      options.replaces = true
      let resumed = try Conversion(of: Model(opening: input), to: target, options: options)
      #expect(try await resumed.run(to: folder("out")).toleratedGroupCount == 5)
    }
  }
}
