import Testing

@testable import Formats

@Suite("Directories that are written in another way and mean the same")
struct DirectoryCornerTests {
  private static let down = "model.layers.0.mlp.down_proj"

  struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fixture: String
    /// Whether only values stay: a negative scale is taken as it is.
    var comparesValues = false
    let change: @Sendable (inout EditedDirectory) throws -> Void
  }

  static let variants = [
    Variant(testDescription: "zero point 4, codes 5 and 3", fixture: "awq") {
      $0.edit(".qweight") { $0.mapCodes { $0 - 4 } }
      $0.edit(".qzeros") { $0.mapCodes { $0 - 4 } }
    },
    Variant(testDescription: "codes 10 and 6 of half the scale", fixture: "awq") {
      $0.edit(".qweight") { $0.mapCodes { $0 == 9 ? 10 : 6 } }
      $0.edit(".scales") { scales in
        for index in 0..<scales.bytes.count / 2 { scales[half: index] -= 0x0400 }
      }
    },
    Variant(
      testDescription: "negative scales, codes turned over", fixture: "awq", comparesValues: true
    ) {
      $0.edit(".qweight") { $0.mapCodes { 16 - $0 } }
      $0.edit(".scales") { scales in
        for index in 0..<scales.bytes.count / 2 { scales[half: index] |= 0x8000 }
      }
    },
    Variant(testDescription: "the configuration in a file of its own", fixture: "awq") {
      $0.set("quantization_config", nil)
      $0.files = [
        (
          "quantize_config.json",
          #"{"zero_point": true, "q_group_size": 128, "w_bit": 4, "version": "GEMM"}"#
        )
      ]
    },
    Variant(testDescription: "data at an odd byte, F16", fixture: "fp16") { $0.spaces = 1 },
    Variant(testDescription: "data at an odd byte, AWQ", fixture: "awq") { $0.spaces = 3 },
    Variant(testDescription: "data at an odd byte, MLX", fixture: "mlx") { $0.spaces = 1 },
    Variant(testDescription: "a module that is not quantized", fixture: "mlx") {
      try $0.makeDense(down)
      $0.set("quantization", $0.config["quantization"]?.with(down, false))
    },
    Variant(testDescription: "a module in groups of 64", fixture: "mlx") {
      for part in ["scales", "biases"] { $0.edit("\(down).\(part)") { $0.repeatColumns() } }
      let own: JSONValue = ["group_size": 64, "bits": 1]
      $0.set("quantization", $0.config["quantization"]?.with(down, own))
    },
    Variant(testDescription: "a module that AWQ left alone", fixture: "awq") {
      try $0.makeDense(down)
      let list: JSONValue = [.string(down)]
      $0.set(
        "quantization_config",
        $0.config["quantization_config"]?.with("modules_to_not_convert", list))
    },
    Variant(testDescription: "F32 in place of F16", fixture: "fp16") {
      $0.edit("layernorm.weight") { $0.widen() }
      $0.edit("down_proj.weight") { $0.widen() }
    },
  ]

  @Test(arguments: variants) func variant(_ variant: Variant) async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/\(variant.fixture)")
    try variant.change(&directory)
    let path = try directory.write(to: folder)
    let (out, report) = try await convert(path, .gguf, to: folder("out"))
    #expect(report.notes == [] && report.isProven)
    let reference = try Model(opening: Fixture.path("micro/q1_0.gguf"))
    #expect(try out.differences(from: reference, byValue: variant.comparesValues) == [])
  }

  @Test(
    "Odd scales go everywhere and come back",
    arguments: [0x0000, 0x0001, 0x03FF, 0x7BFF, 0x8001, 0xBE00, 0x8000] as [UInt16],
    [ConversionTarget.fp16, .mlx, .awq, .ggufF16])
  func oddScales(bits: UInt16, target: ConversionTarget) async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.edit("blk.0.ffn_down.weight") { $0.setScale(bits, block: 3) }
    let path = try gguf.write(to: folder)
    if target == .mlx, bits == 0x7BFF {
      let error = await failure { try await convert(path, target, to: folder("there")) }
      #expect(
        error?.description
          == "\(path): tensor 'blk.0.ffn_down.weight' row 1 group 1: MLX needs twice the scale "
          + "65504.0, which F16 cannot hold")
      return
    }
    try await convert(path, target, to: folder("there"))
    let (back, _) = try await convert(folder("there"), .gguf, to: folder("back"))
    let source = try Model(opening: path)
    guard bits & 0x8000 != 0 else { return #expect(try back.differences(from: source) == []) }
    let name = "blk.0.ffn_down.weight"
    var blocks = try source.bytes(name, as: .q1_0)
    let count = blocks.count / 18
    blocks.withMutableBytes { Q1_0.canonicalize(&$0, count: count) }
    var found = try back.bytes(name, as: .q1_0)
    found.withMutableBytes { Q1_0.canonicalize(&$0, count: count) }
    let same = found == blocks
    #expect(same)
  }

  @Test(
    "mlx-lm finds the rotation where the configuration has the words of transformers 5 alone",
    arguments: ["default", "yarn"])
  func rotation(type: String) async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/fp16")
    directory.set("rope_theta", nil)
    directory.set("rope_scaling", nil)
    let yarn: JSONValue = [
      "rope_type": .string(type), "factor": 4, "original_max_position_embeddings": 64,
    ]
    directory.set("rope_parameters", yarn.with("rope_theta", 31250))
    let path = try directory.write(to: folder)
    try await convert(path, .mlx, to: folder("mlx"))
    let config = try JSONValue(parsing: folder.bytes("mlx/config.json"), name: "config.json")
    #expect(config["rope_theta"] == 31250)
    #expect(config["rope_scaling"] == (type == "default" ? JSONValue?.none : yarn))
    #expect(config["rope_parameters"] == directory.config["rope_parameters"])
  }

  @Test("A matrix of one row", arguments: Layouts.all.filter { $0.rowUnit == 1 })
  func oneRow(layout: Layout) throws {
    let shape = MatrixShape(rows: 1, columns: 128)
    let block = LayoutLawTests.blocks(shape, seed: 9)
    let there = try LayoutLawTests.convert(block, from: .q1_0, to: layout, shape.whole)
    #expect(try LayoutLawTests.convert(there, from: layout, to: .q1_0, shape.whole) == block)
  }
}

extension EditedDirectory {
  /// Puts the F16 form of a quantized module in its place.
  fileprivate mutating func makeDense(_ module: String) throws {
    tensors.removeAll { $0.name.hasPrefix(module + ".") }
    let dense = try EditedDirectory("micro/fp16").tensor(module + ".weight")
    tensors.append(try #require(dense))
  }
}

extension EditedDirectory.Tensor {
  /// Rewrites every code of four bits.
  fileprivate mutating func mapCodes(_ change: (UInt8) -> UInt8) {
    for index in bytes.indices {
      bytes[index] = change(bytes[index] >> 4) << 4 | change(bytes[index] & 0xF)
    }
  }

  /// Every F16 of a row twice.
  fileprivate mutating func repeatColumns() {
    var doubled: [UInt8] = []
    for index in stride(from: 0, to: bytes.count, by: 2) {
      for _ in 0..<2 { doubled += bytes[index..<index + 2] }
    }
    bytes = doubled
    shape[1] *= 2
  }

  /// The same values in F32.
  fileprivate mutating func widen() {
    var writer = ByteWriter()
    for index in 0..<bytes.count / 2 { writer.append(HalfPrecision.widen(self[half: index])) }
    bytes = writer.bytes
    type = .f32
  }
}
