import Testing

@testable import Formats

@Suite("Weights that keep their layout are moved, whatever they are")
struct MovedWeightTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let down = "model.layers.0.mlp.down_proj"

  @Test(arguments: [ConversionTarget.awq, .mlx])
  func groupsThatAreNotOneBit(target: ConversionTarget) async throws {
    var directory = try EditedDirectory("micro/\(target.fixture)")
    directory.edit("\(Self.down).qweight") { $0.bytes[0] ^= 0x01 }
    directory.edit("\(Self.down).scales") { if target == .mlx { $0[half: 3] ^= 1 } }
    let path = try directory.write(to: folder)
    let (out, report) = try await convert(path, target, to: folder("out"))
    #expect(try out.differences(from: Model(opening: path)) == [])
    #expect(report.isProven && report.fingerprint == nil && report.notes == [])
    #expect(try await Conversion(of: Model(opening: path), to: target).scan().isEmpty)
    let error = await failure { try await convert(path, .gguf, to: folder("gguf")) }
    #expect(error?.code == .notExact && error?.location.tensor == Self.down + ".weight")
  }

  @Test func scalesThatAreNotFinite() async throws {
    var gguf = try EditedGGUF()
    gguf.edit("blk.0.attn_q.weight") { $0.setScale(0x7C00, block: 3) }
    let path = try gguf.write(to: folder)
    let (out, report) = try await convert(path, .gguf, to: folder("out.gguf"))
    #expect(try out.differences(from: Model(opening: path)) == [])
    #expect(report.isProven && report.fingerprint == nil)
    let error = await failure { _ = try await out.fingerprint() }
    #expect(
      error?.description == "\(folder("out.gguf")): tensor 'blk.0.attn_q.weight': a group has a "
        + "scale that is not finite, and so no fingerprint")
  }

  /// As llama-quantize makes them where nobody says --pure.
  private func withQ8_0Output() throws -> EditedGGUF {
    var gguf = try EditedGGUF()
    gguf.edit("output.weight") {
      $0.typeID = 8
      $0.type = GGMLType.all.first { $0.id == 8 }?.readings.first ?? .f32
      $0.bytes = (0..<512 * 128 / 32 * 34).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    }
    return gguf
  }

  @Test func aTypeThatNothingConverts() async throws {
    let path = try withQ8_0Output().write(to: folder)
    let (out, report) = try await convert(path, .gguf, to: folder("out.gguf"))
    #expect(try out.differences(from: Model(opening: path)) == [])
    #expect(
      report.notes == ["output.weight stays Q8_0: nothing converts that type exactly into Q1_0"])
    #expect(report.isProven && report.fingerprint == nil)
    for (target, strict) in [(ConversionTarget.gguf, true), (.fp16, false)] {
      let error = await failure {
        try await convert(path, target, to: folder("no")) { $0.isStrict = strict }
      }
      #expect(error?.location.tensor == "output.weight")
      #expect(error?.code == (strict ? .notExact : .unsupported))
    }
  }

  /// As experts are stored: the note says that not everything is dense, strictness that it has to be.
  @Test func aQuantizedTensorOfThreeDimensions() async throws {
    var gguf = try EditedGGUF()
    gguf.set([("general.architecture", .string(ByteString("experts")))])
    let names = (0..<2).map { "blk.\($0).ffn_up.weight" }
    for name in names { gguf.edit(name) { $0.shape = [2, 128, 128] } }
    let path = try gguf.write(to: folder)
    let (out, report) = try await convert(path, .ggufF16, to: folder("out.gguf"))
    #expect(out.tensor(named: "blk.0.ffn_up.weight")?.layout == .q1_0)
    #expect(
      report.notes == names.map { "\($0) stays Q1_0: [2, 128, 128] is not known as a matrix" })
    let error = await failure {
      try await convert(path, .ggufF16, to: folder("no")) { $0.isStrict = true }
    }
    #expect(error?.code == .notExact && error?.location.tensor == names[0])
    #expect(try await convert(path, .gguf, to: folder("same.gguf")).report.notes == [])
  }

  /// 4 bits in groups of 64, which the configuration says of one module.
  @Test func aModuleOfOtherBits() async throws {
    var directory = try EditedDirectory("micro/mlx")
    let shape = [128, 256]
    directory.edit("\(Self.down).weight") {
      $0.shape = [shape[0], shape[1] / 8]
      $0.bytes = (0..<shape[0] * shape[1] / 2).map { UInt8(truncatingIfNeeded: $0 &* 151) }
    }
    for part in ["scales", "biases"] {
      directory.edit("\(Self.down).\(part)") {
        $0.shape = [shape[0], shape[1] / 64]
        $0.bytes = Array(repeatElement([0x00, 0x24], count: shape[0] * shape[1] / 64).joined())
      }
    }
    let own: JSONValue = ["group_size": 64, "bits": 4]
    directory.set("quantization", directory.config["quantization"]?.with(Self.down, own))
    let path = try directory.write(to: folder)
    let (out, report) = try await convert(path, .mlx, to: folder("out"))
    #expect(try out.differences(from: Model(opening: path)) == [])
    #expect(out.tensor(named: Self.down + ".weight")?.layout.name == "MLX-4bit-g64")
    #expect(
      report.notes == [
        "\(Self.down).weight stays MLX-4bit-g64: nothing converts that type exactly into MLX-1bit"
      ])
    let error = await failure { try await convert(path, .fp16, to: folder("no")) }
    #expect(error?.code == .unsupported && error?.location.tensor == Self.down + ".weight")
  }

  @Test func whatCanBeComparedIs() async throws {
    let path = try withQ8_0Output().write(to: folder)
    let difference = try await ModelDifference(
      Model(opening: Fixture.path("micro/q1_0.gguf")), Model(opening: path))
    #expect(difference.layouts.map(\.name) == ["lm_head.weight"])
    #expect(throws: FormatError.self) { try difference.weights.get() }
    #expect(!difference.isSame && difference.metadata.isEmpty)
  }

  @Test func anIndexGoesWithMLX() async throws {
    try await convert(Fixture.path("micro/fp16"), .mlx, to: folder("out"))
    let name = "model.safetensors.index.json"
    let ours = try JSONValue(parsing: folder.bytes("out/\(name)"), name: name)
    let theirs = try JSONValue(parsing: Fixture.bytes("micro/mlx/\(name)"), name: name)
    #expect(ours["metadata"] == theirs["metadata"])
    #expect(ours["weight_map"] == theirs["weight_map"])
  }
}
