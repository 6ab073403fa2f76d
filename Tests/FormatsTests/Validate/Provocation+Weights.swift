@testable import Formats

extension Provocation {
  static let quantized = awq + mlx

  private static let awq = [
    directory("AWQ001", "micro/awq") {
      $0.tensors.removeAll { $0.name == "model.layers.0.mlp.up_proj.qzeros" }
    },
    directory("AWQ002", "micro/awq") { $0.setQuantization("group_size", 64) },
    directory("AWQ003", for: .vllm, "micro/awq") { $0.setQuantization("bits", nil) },
    directory("AWQ004", "micro/awq") {
      $0.edit("0.mlp.up_proj.qweight") { $0.bytes[0] = 0x97 ^ 0x10 }
    },
    directory("AWQ005", "micro/awq") { $0.edit("0.mlp.up_proj.qzeros") { $0.bytes[0] = 0x87 } },
    directory("AWQ006", "micro/awq") { $0.edit("0.mlp.up_proj.qweight") { $0.bytes[0] = 0x50 } },
    directory("AWQ007", for: .vllm, "micro/awq") { directory in
      // 128 inputs and 8 outputs.
      directory.replaceTriple("model.layers.0.mlp.up_proj", outputs: 8)
    },
    directory("AWQ008", for: .vllm, "micro/awq") { directory in
      directory.tensors.removeAll { $0.name.hasPrefix("model.layers.0.mlp.up_proj.") }
      directory.tensors.append(
        .init(
          name: "model.layers.0.mlp.up_proj.weight", type: .f16, shape: [256, 128],
          bytes: [UInt8](repeating: 0, count: 256 * 128 * 2)))
    },
    directory("AWQ009", "micro/awq") { $0.edit("0.mlp.up_proj.scales") { $0.type = .bf16 } },
    directory("AWQ010", for: .vllm, "micro/awq") { directory in
      directory.tensors.removeAll { $0.name == "lm_head.weight" }
      directory.replaceTriple("lm_head", outputs: 512)
    },
    directory("AWQ011", for: .vllm, "micro/awq") {
      $0.setQuantization("modules_to_not_convert", ["model.layers.1.mlp"])
    },
    directory("AWQ011", for: .vllm, "micro/awq") { directory in
      directory.tensors.removeAll { $0.name.hasPrefix("model.layers.0.mlp.down_proj.") }
      directory.tensors.append(
        .init(
          name: "model.layers.0.mlp.down_proj.weight", type: .f16, shape: [128, 256],
          bytes: [UInt8](repeating: 0, count: 256 * 128 * 2)))
    },
  ]

  private static let mlx = [
    directory("MLX001", "micro/mlx") { $0.set("quantization", ["bits": 2, "group_size": 128]) },
    directory("MLX002", for: .mlx, "micro/mlx") { _ in },
    directory("MLX003", "micro/mlx") { $0.edit("0.mlp.up_proj.scales") { $0[half: 0] ^= 1 } },
    directory("MLX004", "micro/mlx") {
      $0.edit("0.mlp.up_proj.scales") { $0[half: 0] = 0x0043 }
      $0.edit("0.mlp.up_proj.biases") { $0[half: 0] = 0x8021 }
    },
    directory("MLX005", for: .mlx, "micro/mlx") { $0.set("quantization", nil) },
  ]

  static let values = [
    scale("W001", 0x7E01), scale("W002", 0x7C00), scale("W003", 0), scale("W004", 0xBC00),
    scale("W005", 1),
    directory("W001", "micro/awq") { $0.edit("0.mlp.up_proj.scales") { $0[half: 5] = 0xFFFF } },
    directory("W001", "micro/awq") { $0.makeScales(.bf16, 0x7FC0) },
    directory("W002", "micro/awq") { $0.makeScales(.f32, 0xFF80_0000) },
    directory("W001", "micro/mlx") { $0.makeScales(.f32, 0x7FC0_0000) },
    directory("W002", "micro/mlx") { $0.makeScales(.bf16, 0x7F80) },
    directory("W002", "micro/mlx") { $0.edit("0.mlp.up_proj.biases") { $0[half: 5] = 0xFC00 } },
    directory("W006") { $0.edit("model.norm.weight") { $0[half: 3] = 0x7C00 } },
    model("W006") { gguf in
      gguf.edit("output_norm.weight") { $0.bytes.replaceSubrange(4..<8, with: [0, 0, 0xC0, 0x7F]) }
    },
    directory("W007") { $0.edit("0.mlp.up_proj.weight") { $0[half: 130] ^= 1 } },
    Provocation("W008") { folder in
      let content = try Fixture.bytes("micro/q1_0.gguf")
      let packed = Packed.plain(Array(content[..<60_000])) + Packed.plain(Array(content[60_000...]))
      return try folder.write("model.gguf.zst", Array(packed.dropLast(1000)))
    },
    Provocation("W009") { try $0.packPlainly($0.copy("micro/mlx", as: "model")) },
  ]

  private static func scale(_ id: String, _ bits: UInt16) -> Provocation {
    model(id) { $0.edit("blk.0.ffn_up.weight") { $0.setScale(bits, block: 7) } }
  }
}

extension EditedDirectory {
  mutating func setQuantization(_ name: String, _ value: JSONValue?) {
    set("quantization_config", config["quantization_config"]?.with(name, value))
  }

  /// Makes a weight one of 128 inputs and so many outputs, all +1.
  fileprivate mutating func replaceTriple(_ module: String, outputs: Int) {
    tensors.removeAll { $0.name.hasPrefix(module + ".") }
    let parts: [(String, StorageType, [Int], [UInt8])] = [
      ("qweight", .i32, [128, outputs / 8], [0x99, 0x99, 0x99, 0x99]),
      ("qzeros", .i32, [1, outputs / 8], [0x88, 0x88, 0x88, 0x88]),
      ("scales", .f16, [1, outputs], [0x00, 0x3C]),
    ]
    for (suffix, type, shape, element) in parts {
      let bytes = Array(repeatElement(element, count: shape.reduce(1, *)).joined())
      tensors.append(.init(name: "\(module).\(suffix)", type: type, shape: shape, bytes: bytes))
    }
  }
}

extension EditedDirectory {
  /// Gives the scales and biases of a weight another type, and one of them these bits.
  fileprivate mutating func makeScales(_ type: StorageType, _ bits: UInt32) {
    for suffix in ["0.mlp.up_proj.scales", "0.mlp.up_proj.biases"] {
      edit(suffix) { tensor in
        let count = tensor.shape.reduce(1, *)
        tensor.type = type
        let one: [UInt8] = type == .bf16 ? [0x80, 0x3F] : [0, 0, 0x80, 0x3F]
        tensor.bytes = Array(repeatElement(one, count: count).joined())
        guard suffix.hasSuffix("scales") else { return }
        for byte in one.indices {
          tensor.bytes[5 * one.count + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte))
        }
      }
    }
  }
}
