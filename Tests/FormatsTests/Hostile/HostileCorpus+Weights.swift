@testable import Formats

// Weights that have no exact form elsewhere: each fault in three groups, read as a loader would.
extension HostileCorpus {
  private static let otherGroups = [64, 32, 256].map { size in
    HostileCase("groups of \(size), it says", .malformed, "as the configuration says, found") {
      var directory = try EditedDirectory("micro/awq")
      let config = directory.config["quantization_config"]?.with("group_size", .integer(size))
      directory.set("quantization_config", config)
      _ = try Conversion(of: Model(opening: directory.write(to: $0)), to: .gguf)
    }
  }

  private static let down = "model.layers.0.mlp.down_proj"

  /// Changes a matrix of a GGUF at one of its groups, and reads it in a layout.
  private static func bad(
    _ code: FormatError.Code, _ said: String, gguf fixture: String = "micro/q1_0.gguf",
    as layout: Layout, _ change: @escaping @Sendable (inout EditedGGUF.Tensor, Int) -> Void
  ) -> [HostileCase] {
    [0, 3, 7].map { group in
      HostileCase("group \(group) as \(layout.name)", code, said) { folder in
        var gguf = try EditedGGUF(fixture)
        gguf.edit("blk.0.ffn_down.weight") { change(&$0, group) }
        let model = try Model(opening: gguf.write(to: folder))
        _ = try model.bytes("blk.0.ffn_down.weight", as: layout)
      }
    }
  }

  /// The same with a matrix of a directory.
  private static func bad(
    _ code: FormatError.Code, _ said: String, directory fixture: String, as layout: Layout,
    _ change: @escaping @Sendable (inout EditedDirectory, Int) -> Void
  ) -> [HostileCase] {
    [0, 1, 2].map { group in
      HostileCase("group \(group) of \(fixture)", code, said) { folder in
        var directory = try EditedDirectory("micro/\(fixture)")
        change(&directory, group)
        let model = try Model(opening: directory.write(to: folder))
        _ = try model.bytes("\(down).weight", as: layout)
      }
    }
  }

  static let weights =
    otherGroups
    + bad(.notExact, "the scale of this group is nan", as: .awq) { $0.setScale(0x7E00, block: $1) }
    + bad(.notExact, "MLX needs twice the scale", as: .mlx1) { $0.setScale(0x7BFF, block: $1) }
    + bad(.notExact, "needed one magnitude in a group of 128", gguf: "micro/f16.gguf", as: .q1_0) {
      $0.bytes[$1 * 256] ^= 1
    }
    + bad(.notExact, "has no exact form in BF16", gguf: "micro/f16.gguf", as: .bf16) {
      $0.bytes[$1 * 256] ^= 1
    }
    + bad(.unsupported, "there is no exact conversion from I16 to", as: .f16) { tensor, group in
      tensor.become(GGMLType(25, .i16), [8 + group, 2], repeating: [0, 0])
    }
    + bad(.unsupported, "are not a multiple of 128, which Q1_0 needs", as: .q1_0) { tensor, group in
      tensor.become(.f16, [8, 8 + group], repeating: [0, 0])
    }
    + bad(.notExact, "needed one scale in four blocks of 32", as: .q1_0) { tensor, group in
      let count = tensor.shape.reduce(1, *) / 32
      tensor.typeID = 40
      tensor.type = GGMLType.all.first { $0.id == 40 }?.readings[1] ?? .f32
      tensor.bytes = Array(repeatElement([0, 0x3C, 0, 0, 0, 0], count: count).joined())
      tensor.bytes[group * 24 + 1] = 0x40
    }
    + bad(.notExact, "needed scale = −2 × bias", directory: "mlx", as: .q1_0) { directory, group in
      directory.edit("layers.0.mlp.down_proj.biases") { $0[half: group] ^= 1 }
    }
    + bad(
      .notExact, "needed codes at one distance from the zero point", directory: "awq", as: .q1_0
    ) {
      directory, group in
      directory.edit("layers.0.mlp.down_proj.qweight") { $0.bytes[group] ^= 0x33 }
    }
    + bad(.notExact, "times the scale", directory: "awq", as: .f16) { directory, group in
      directory.edit("layers.0.mlp.down_proj.qweight") {
        for index in $0.bytes.indices { $0.bytes[index] = 0xFF }
      }
      directory.edit("layers.0.mlp.down_proj.qzeros") {
        for index in $0.bytes.indices { $0.bytes[index] = 0 }
      }
      directory.edit("layers.0.mlp.down_proj.scales") { $0[half: group] = 0x3401 }
    }
    + bad(.notExact, "needed one scale in the groups of 64", directory: "mlx", as: .q1_0) {
      directory, group in
      let quantization: JSONValue = ["bits": 1, "group_size": 64]
      directory.set("quantization", directory.config["quantization"]?.with(down, quantization))
      for (suffix, bits) in [("scales", 0x3C00), ("biases", 0xB800)] as [(String, UInt16)] {
        directory.edit("layers.0.mlp.down_proj." + suffix) {
          $0.doubleElements()
          $0[half: 2 * group + 1] = bits
        }
      }
    }
    + [0, 3, 7].map { group in
      HostileCase("norms with values beyond F16", .notExact, "and nothing else is allowed") {
        var gguf = try EditedGGUF()
        gguf.edit("output_norm.weight") { $0.bytes[group * 4] ^= 1 }
        var options = ConversionOptions()
        options.isStrict = true
        _ = try Conversion(of: Model(opening: gguf.write(to: $0)), to: .fp16, options: options)
      }
    }
    + bigEndian + compressed

  /// Types of blocks in big-endian files are listed and not read.
  private static let bigEndian = [UInt32(8), 2, 14].map { type in
    HostileCase("big-endian \(type)", .unsupported, "can be listed, but not read") { folder in
      var builder = GGUFBuilder()
      builder.isBigEndian = true
      let block = GGMLType.all.first { $0.id == type }?.readings[0]
      builder.add(
        tensor: "t", [256], type,
        bytes: 256 / (block?.blockSize ?? 1) * (block?.blockByteCount ?? 1))
      let model = try Model(opening: folder.write("m.gguf", builder.bytes))
      _ = try model.storedBytes(model.tensors[0])
    }
  }

  /// What can be done only with a file that can be read anywhere.
  private static let compressed = [
    "micro/q1_0.gguf", "micro/f16.gguf", "micro-tied-edge/q1_0.gguf",
  ]
  .flatMap { fixture in
    [
      HostileCase("a comparison of a stream", .unsupported, "its weights are read in any order") {
        let path = try $0.write("m.zst", Packed.plain(Fixture.bytes(fixture)))
        try ConversionSource.checkUncompressed(Model(opening: path))
      },
      HostileCase("rounding a stream", .unsupported, "what is rounded is planned by reading") {
        let path = try $0.write("m.zst", Packed.plain(Fixture.bytes(fixture)))
        var options = ConversionOptions()
        options.allowsRounding = true
        _ = try Conversion(of: Model(opening: path), to: .awq, options: options)
      },
      HostileCase("a step back", .unsupported, "has no seek table and is read front to back") { _ in
        var zeros = [UInt8](repeating: 0, count: 1 << 20)
        let frame = Packed.plain(zeros)
        let frames = [[UInt8]](repeating: frame, count: 514).flatMap { $0 }
        let source = try ZstdSource(MemorySource(frames))
        zeros = try source.bytes((513 << 20)..<(514 << 20))
        _ = try source.bytes(0..<1)
      },
    ]
  }
}

extension EditedDirectory.Tensor {
  /// Every F16 twice, as in groups of half the size.
  fileprivate mutating func doubleElements() {
    shape[1] *= 2
    var doubled: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 2) {
      let element = bytes[start..<start + 2]
      doubled += element
      doubled += element
    }
    bytes = doubled
  }
}
