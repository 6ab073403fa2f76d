import Testing

@testable import Formats

/// The micro model as if it were of another architecture, on either side.
@Suite("Architectures beside Qwen3")
struct ArchitectureTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let headRows = 128

  private func directory(_ modelClass: String, _ type: String) throws -> EditedDirectory {
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", [.string(modelClass)])
    directory.set("model_type", .string(type))
    directory.tensors.removeAll { $0.name.contains("_norm.weight") }
    return directory
  }

  static func gguf(_ architecture: String) throws -> EditedGGUF {
    var gguf = try EditedGGUF()
    gguf.metadata = GGUFMetadata(
      gguf.metadata.entries.map { entry in
        entry.key.dropping(prefix: "qwen3.").map { .init("\(architecture).\($0)", entry.value) }
          ?? entry
      })
    gguf.set([("general.architecture", .text(architecture))])
    gguf.tensors.removeAll {
      $0.name.hasSuffix("_q_norm.weight") || $0.name.hasSuffix("_k_norm.weight")
    }
    return gguf
  }

  /// llama.cpp's converter: `w.reshape(heads, 2, rows // heads // 2, …).swapaxes(1, 2)`.
  private func permuted(_ rows: [ArraySlice<UInt8>]) -> [UInt8] {
    let half = Self.headRows / 2
    var result: [UInt8] = []
    for head in 0..<rows.count / Self.headRows {
      let halves = [0, 1].map { part in
        Array(rows[head * Self.headRows + part * half..<head * Self.headRows + (part + 1) * half])
      }
      for pair in 0..<half { for part in halves { result += part[pair] } }
    }
    return result
  }

  /// From one side to the other and back, through every layout, always the same bytes.
  private func check(_ directory: EditedDirectory, _ gguf: EditedGGUF) async throws {
    let dense = try Model(opening: directory.write(to: folder, as: "dense"))
    let packed = try Model(opening: gguf.write(to: folder))
    for (number, target) in [ConversionTarget.fp16, .awq, .mlx].enumerated() {
      let there = folder("there\(number)")
      let (out, _) = try await convert(packed.path, target, to: there)
      if target == .fp16 { #expect(try out.differences(from: dense) == []) }
      let (back, _) = try await convert(there, .gguf, to: folder("back\(number)"))
      #expect(try back.differences(from: packed) == [], "\(target.rawValue)")
      let name = "general.architecture"
      #expect(try back.gguf?.metadata.string(name) == gguf.metadata.string(name))
    }
    let (straight, _) = try await convert(dense.path, .gguf, to: folder("straight"))
    #expect(try straight.differences(from: packed) == [])
  }

  @Test func llama() async throws {
    var gguf = try Self.gguf("llama")
    for name in ["attn_q", "attn_k"] {
      for layer in 0..<2 {
        gguf.edit("blk.\(layer).\(name).weight") { tensor in
          let bytes = tensor.bytes
          tensor.bytes = permuted(
            stride(from: 0, to: bytes.count, by: 18).map { bytes[$0..<$0 + 18] })
          #expect(tensor.bytes != bytes)
        }
      }
    }
    try await check(directory("LlamaForCausalLM", "llama"), gguf)
  }

  @Test func qwen2() async throws {
    var gguf = try Self.gguf("qwen2")
    var directory = try directory("Qwen2ForCausalLM", "qwen2")
    for layer in 0..<2 {
      for (name, count) in [("q", 256), ("k", 128), ("v", 128)] {
        let halves = (0..<count).map { UInt16(0x3000 + $0 * 3 + layer) }
        var (narrow, wide) = (ByteWriter(), ByteWriter())
        for half in halves {
          narrow.append(half)
          wide.append(HalfPrecision.widen(half))
        }
        gguf.tensors.append(
          .init(
            name: "blk.\(layer).attn_\(name).bias", typeID: 0, type: .f32, shape: [count],
            bytes: wide.bytes))
        directory.tensors.append(
          .init(
            name: "model.layers.\(layer).self_attn.\(name)_proj.bias", type: .f16,
            shape: [count], bytes: narrow.bytes))
      }
    }
    try await check(directory, gguf)
    let config = try folder.text("there0/config.json")
    #expect(!config.contains("attention_bias"))
  }
}

extension String {
  fileprivate func dropping(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}

@Suite("Architectures without a table of names")
struct UnknownArchitectureTests {
  /// There is nothing to pack in it, and no reader takes it packed.
  @Test(arguments: [ConversionTarget.mlx, .awq, .fp16])
  func aMatrixWithoutElements(target: ConversionTarget) async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", ["BrandNewForCausalLM"])
    let name = "model.layers.0.extra.weight"
    directory.tensors.append(.init(name: name, type: .f16, shape: [5, 0], bytes: []))
    let (out, report) = try await convert(
      directory.write(to: folder), target, to: folder("out"))
    #expect(report.isProven)
    #expect(out.tensor(named: name)?.layout == .f16)
  }

  @Test func hugging() async throws {
    let folder = try TemporaryFolder()
    var directory = try EditedDirectory("micro/fp16")
    directory.set("architectures", ["BrandNewForCausalLM"])
    directory.tensors.append(
      .init(
        name: "model.layers.0.gate.scale", type: .f16, shape: [2, 2],
        bytes: [0, 60, 0, 60, 1, 60, 2, 60]))
    let path = try directory.write(to: folder)
    let (awq, _) = try await convert(path, .awq, to: folder("awq"))
    #expect(awq.tensors.filter { $0.layout == .awq }.count == 14)
    let (mlx, _) = try await convert(folder("awq"), .mlx, to: folder("mlx"))
    #expect(mlx.tensors.filter { $0.layout == .mlx1 }.count == 16)
    let (back, _) = try await convert(folder("mlx"), .fp16, to: folder("back"))
    #expect(try back.differences(from: Model(opening: path)) == [])
    #expect(try folder.text("back/config.json").contains("BrandNewForCausalLM"))

    let error = await failure { try await convert(path, .gguf, to: folder("gguf")) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("BrandNewForCausalLM") == true)

    directory.tensors.append(
      .init(name: "visual.blocks.0.norm.weight", type: .f16, shape: [1], bytes: [0, 60]))
    let tower = try directory.write(to: folder, as: "tower")
    let refused = await failure { try await convert(tower, .awq, to: folder("no")) }
    #expect(refused?.location.tensor == "visual.blocks.0.norm.weight")
  }

  @Test func gguf() async throws {
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF("micro/f16.gguf")
    gguf.set([("general.architecture", .text("brandnew"))])
    gguf.edit("blk.0.ffn_down.weight") { $0.name = "blk.0.ffn_other.weight" }
    let path = try gguf.write(to: folder)
    let (packed, _) = try await convert(path, .gguf, to: folder("packed"))
    #expect(packed.tensors.filter { $0.layout == .q1_0 }.count == 16)
    let (back, _) = try await convert(folder("packed"), .ggufF16, to: folder("back"))
    #expect(try back.differences(from: Model(opening: path)) == [])
    let error = await failure { try await convert(path, .awq, to: folder("awq")) }
    #expect(
      error?.description
        == "\(path): architecture 'brandnew' is none of those known: qwen3, qwen2, llama")
  }
}
