import Testing

@testable import Formats

@Suite("Weights that are not 1-bit, and output matrices that repeat the embedding")
struct DenseWeightTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let key = "model.layers.0.self_attn.k_proj.weight"

  private func described(_ model: Model) -> [String: Layout] {
    Dictionary(uniqueKeysWithValues: model.tensors.map { ($0.name, $0.layout) })
  }

  private func fileType(_ model: Model) throws -> UInt64? {
    try model.gguf?.metadata.integer("general.file_type").map(UInt64.init)
  }

  private func config(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: folder.bytes("\(name)/config.json"), name: "config.json")
  }

  @Test func oneOfThemStaysAsItIs() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.edit("layers.0.self_attn.k_proj.weight") { $0[half: 5] ^= 1 }
    let path = try directory.write(to: folder)
    let reason = "row 0 group 0: needed one magnitude in a group of 128, found "
    let (gguf, report) = try await convert(path, .gguf, to: folder("out.gguf"))
    #expect(report.notes.count == 1)
    #expect(report.notes[0].hasPrefix("blk.0.attn_k.weight stays F16: \(reason)"))
    #expect(described(gguf)["blk.0.attn_k.weight"] == .f16)
    #expect(gguf.tensors.filter { $0.layout == .q1_0 }.count == 15)
    #expect(try fileType(gguf) == 40)

    let (mlx, _) = try await convert(folder("out.gguf"), .mlx, to: folder("mlx"))
    #expect(
      mlx.tensors.filter { $0.layout != .mlx1 && $0.shape.count == 2 }.map(\.name) == [Self.key])

    let (awq, notes) = try await convert(folder("mlx"), .awq, to: folder("awq"))
    #expect(notes.notes.count == 3)
    #expect(notes.notes[0].hasPrefix("\(Self.key) stays F16: \(reason)"))
    for (note, name) in zip(notes.notes.dropFirst(), ["q", "v"]) {
      #expect(
        note == "model.layers.0.self_attn.\(name)_proj.weight stays F16: engines fuse it with one "
          + "that does")
    }
    let modules = ["q", "k", "v"].map { "model.layers.0.self_attn.\($0)_proj" }
    for module in modules { #expect(described(awq)[module + ".weight"] == .f16) }
    #expect(awq.tensors.filter { $0.layout == .awq }.count == 11)
    #expect(
      try config("awq")["quantization_config"]?["modules_to_not_convert"]
        == .array(modules.map { .string($0) }))

    let (back, _) = try await convert(folder("awq"), .fp16, to: folder("back"))
    #expect(try back.differences(from: Model(opening: path)) == [])
    let error = await failure {
      try await convert(path, .gguf, to: folder("strict")) { $0.isStrict = true }
    }
    #expect(error?.code == .notExact && error?.location.tensor == Self.key)
  }

  /// Whichever comes first: values that are not finite are one reason among others.
  @Test(arguments: [false, true]) func infinitiesStayToo(comesFirst: Bool) async throws {
    var directory = try EditedDirectory("micro/fp16")
    let names = ["layers.0.mlp.gate_proj.weight", "layers.0.mlp.up_proj.weight"]
    directory.edit(names[comesFirst ? 0 : 1]) {
      for index in 0..<128 { $0[half: 640 + index] = 0x7C00 }
    }
    directory.edit(names[comesFirst ? 1 : 0]) { $0[half: 3] = 0x4700 }
    let path = try directory.write(to: folder)
    let (gguf, report) = try await convert(path, .gguf, to: folder("out.gguf"))
    #expect(
      described(gguf).filter { $0.value == .f16 }.keys.sorted()
        == ["blk.0.ffn_gate.weight", "blk.0.ffn_up.weight"])
    #expect(
      report.notes.contains {
        $0.hasSuffix("row 5 group 0: the scale of this group is inf; a finite one is needed")
      })
    let conversion = try Conversion(of: Model(opening: path), to: .gguf)
    let found = try await conversion.scan()
    #expect(found.map(\.consequence) == [.kept, .kept])
    // What a scan knows is what is written then.
    let outline = try conversion.knowing(found).outline(to: folder("other"))
    #expect(outline.notes == report.notes)
    #expect(outline.files.map(\.byteCount) == report.files.map(\.byteCount))
    #expect(outline.files != (try conversion.outline(to: folder("other")).files))
  }

  @Test func aScaleWhoseDoubleIsTooLargeStays() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.edit("layers.0.self_attn.k_proj.weight") {
      for index in 0..<128 { $0[half: 896 + index] = 0x78E2 }
    }
    let (_, report) = try await convert(directory.write(to: folder), .mlx, to: folder("out"))
    #expect(
      report.notes == [
        "\(Self.key) stays F16: row 7 group 0: MLX needs twice the scale 40000.0, which F16 cannot "
          + "hold"
      ])
  }

  @Test func whenMostOfThemDoTheFileSaysSo() async throws {
    var directory = try EditedDirectory("micro/fp16")
    directory.edit(".weight") { if $0.shape.count == 2 { $0[half: 0] ^= 1 } }
    let (gguf, _) = try await convert(directory.write(to: folder), .gguf, to: folder("out"))
    #expect(gguf.tensors.allSatisfy { $0.layout != .q1_0 })
    #expect(try fileType(gguf) == 1)
  }

  /// - Returns: The tied model with an output matrix that it also stores.
  private func withOutput(_ change: (inout EditedDirectory.Tensor) -> Void) throws -> String {
    var directory = try EditedDirectory("micro-tied-edge/fp16")
    var output = try #require(directory.tensor("model.embed_tokens.weight"))
    output.name = "lm_head.weight"
    change(&output)
    directory.tensors.append(output)
    return try directory.write(to: folder)
  }

  @Test func anOutputThatRepeatsTheEmbedding() async throws {
    let path = try withOutput { _ in }
    for target in ConversionTarget.allCases {
      let (out, _) = try await convert(path, target, to: folder(target.rawValue)) {
        $0.verifies = target == .mlx || target == .gguf
      }
      let output = out.tensors.filter { ["output.weight", "lm_head.weight"].contains($0.name) }
      #expect(output.count == (target.isGGUF ? 1 : 0))
      guard !target.isGGUF else { continue }
      #expect(try config(target.rawValue)["tie_word_embeddings"] == true)
    }
  }

  @Test func anOutputOfItsOwn() async throws {
    let path = try withOutput { $0[half: 128] ^= 0x8000 }
    for target in ConversionTarget.allCases {
      let (out, _) = try await convert(path, target, to: folder(target.rawValue)) {
        $0.verifies = target == .mlx || target == .gguf
      }
      let name = target.isGGUF ? "output.weight" : "lm_head.weight"
      #expect(out.tensor(named: name)?.layout == target.layout(of: .embedding))
      guard !target.isGGUF else { continue }
      #expect(try config(target.rawValue)["tie_word_embeddings"] == false)
    }
  }
}
