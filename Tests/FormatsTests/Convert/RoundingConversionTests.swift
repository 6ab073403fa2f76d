import Testing

@testable import Formats

@Suite("Rounding happens where it is allowed, and the report says what it did")
struct RoundingConversionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Tensors that are made random, by the names of both sides.
  private static let names = [
    "model.embed_tokens.weight": "token_embd.weight",
    "model.layers.0.self_attn.k_proj.weight": "blk.0.attn_k.weight",
    "model.layers.1.mlp.down_proj.weight": "blk.1.ffn_down.weight",
    "model.layers.1.input_layernorm.weight": "blk.1.attn_norm.weight",
  ]

  /// The micro model with some tensors of random values in a dense type.
  private func randomized(
    _ type: StorageType, _ change: (inout EditedDirectory) -> Void = { _ in }
  ) throws -> String {
    var directory = try EditedDirectory("micro/fp16")
    var random = SplitMix64(seed: 11)
    for name in Self.names.keys.sorted() {
      directory.edit(name) { tensor in
        tensor.type = type
        tensor.bytes = (0..<tensor.shape.reduce(1, *)).flatMap { _ in
          let value = Float(Int64(truncatingIfNeeded: random.next()) >> 40) * 0x1p-27
          return Self.bytes(of: value, type)
        }
      }
    }
    change(&directory)
    return try directory.write(to: folder)
  }

  private static func bytes(of value: Float, _ type: StorageType) -> [UInt8] {
    let bits = value.bitPattern
    let stored =
      switch type {
      case .f16: UInt32(HalfPrecision.narrowToNearest(bits) ?? 0)
      case .bf16: bits >> 16
      default: bits
      }
    return (0..<UInt32(type.blockByteCount)).map { UInt8(truncatingIfNeeded: stored >> ($0 * 8)) }
  }

  private func values(_ name: String, of model: Model) throws -> [Float] {
    let bytes = try model.bytes(name, as: .f32)
    return bytes.withBytes { bytes in
      stride(from: 0, to: bytes.byteCount, by: 4).map {
        Float(bitPattern: bytes.load($0, as: UInt32.self))
      }
    }
  }

  @Test(
    arguments: [
      (.f32, .gguf), (.f32, .awq), (.f32, .mlx), (.f32, .fp16), (.f32, .ggufF16), (.f16, .gguf),
      (.f16, .awq), (.bf16, .mlx), (.bf16, .fp16), (.f16, .fp16),
    ] as [(StorageType, ConversionTarget)])
  func figuresAreThoseOfTheOutput(type: StorageType, target: ConversionTarget) async throws {
    let path = try randomized(type)
    let (out, report) = try await convert(path, target, to: folder("out")) {
      $0.allowsRounding = true
    }
    let source = try Model(opening: path)
    var found = report.roundedTensors
    for (huggingFace, gguf) in Self.names {
      let name = target.isGGUF ? gguf : huggingFace
      let before = try values(huggingFace, of: source)
      let after = try values(name, of: out)
      let changed = zip(before, after).filter { $0.bitPattern != $1.bitPattern }
      let index = found.firstIndex { $0.name == name }
      #expect((index != nil) == !changed.isEmpty, "\(name)")
      guard let index else { continue }
      let tensor = found.remove(at: index)
      #expect(tensor.rounding.changedCount == changed.count)
      #expect(tensor.rounding.largestDifference == changed.map { abs($0 - $1) }.max())
      #expect(tensor.weightCount == before.count)
      #expect(report.notes.contains(tensor.note))
      let keepsSigns = zip(before, after).allSatisfy { $0.sign == $1.sign }
      #expect(keepsSigns)
      let layout = try #require(out.tensor(named: name)).layout
      #expect(tensor.layout == (layout.groupSize == nil ? .f16 : .q1_0))
    }
    #expect(found == [])
    #expect(report.isProven)
    #expect(try await out.fingerprint() == report.fingerprint)
    // What was exact is what it is without the permission.
    let exact = try await convert(path, target, to: folder("exact")).model
    for tensor in out.tensors
    where !report.roundedTensors.contains(where: { $0.name == tensor.name }) {
      let same = try exact.bytes(tensor.name, as: .f32) == out.bytes(tensor.name, as: .f32)
      #expect(same, "\(tensor.name)")
    }
  }

  @Test func theNoteAndTheDocumentSayIt() async throws {
    var directory = try EditedDirectory("micro/fp16")
    // 127 weights of one magnitude and one of its double.
    let name = "layers.0.self_attn.k_proj.weight"
    directory.edit(name) { tensor in
      for index in 0..<128 { tensor[half: index] = index == 5 ? 0xC000 : 0x3C00 }
    }
    let report = try await convert(directory.write(to: folder), .gguf, to: folder("out")) {
      $0.allowsRounding = true
    }.report
    // The mean, 129 / 128, is exact in F16.
    #expect(
      report.notes == [
        "blk.0.attn_k.weight is rounded to Q1_0: 128 of 16384 weights change, by at most 0.9921875"
      ])
    let document = report.json(output: "out")
    #expect(
      document["rounded"] == [
        [
          "tensor": "blk.0.attn_k.weight", "layout": "Q1_0", "weights": 16384, "changed": 128,
          "largest_difference": .number("0.9921875"),
        ]
      ])
    #expect(document["fingerprint"] == report.fingerprint.map { .string("\($0)") })
  }

  @Test func aPlanKnowsSmallTensorsAndAScanAll() async throws {
    let model = try Model(opening: randomized(.f32))
    var options = ConversionOptions()
    options.allowsRounding = true
    let conversion = try Conversion(of: model, to: .awq, options: options)
    let outline = try conversion.outline(to: folder("out"))
    #expect(outline.allowsRounding)
    let small = ["model.embed_tokens.weight", "model.layers.1.input_layernorm.weight"]
    #expect(outline.roundedTensors.map(\.name) == small)
    #expect(outline.ways.filter { $0.route.exactness == .rounds }.map(\.tensorCount) == [1, 1])
    let found = try await conversion.scan()
    let report = try await conversion.run(to: folder("out"))
    #expect(found.map(\.tensor).sorted() == Self.names.keys.sorted())
    for refusal in found {
      let tensor = report.roundedTensors.first { $0.name == refusal.tensor }
      #expect(tensor.map { .rounded($0.rounding) } == refusal.consequence)
      #expect(refusal.first.location.tensor == refusal.tensor)
    }
    #expect(report.roundedTensors.count == found.count)
    let known = try conversion.knowing(found).outline(to: folder("other"))
    #expect(known.roundedTensors == report.roundedTensors && known.notes == report.notes)
  }

  @Test func withoutAProofTheSameIsWritten() async throws {
    let path = try randomized(.f32)
    let one = try await convert(path, .gguf, to: folder("one")) { $0.allowsRounding = true }
    let other = try await convert(path, .gguf, to: folder("other")) {
      $0.allowsRounding = true
      $0.verifies = false
      $0.budget.width = 5
    }
    #expect(try folder.differingFiles("one", "other") == [])
    #expect(one.report.roundedTensors == other.report.roundedTensors)
    #expect(other.report.fingerprint == nil)
  }

  @Test(
    "What cannot even be rounded is refused by name",
    arguments: [
      ("model.layers.1.input_layernorm.weight", Float(70000), ConversionTarget.fp16),
      ("model.layers.0.self_attn.k_proj.weight", .nan, .gguf),
      ("model.layers.1.mlp.down_proj.weight", .infinity, .awq),
    ])
  func beyondRounding(name: String, value: Float, target: ConversionTarget) async throws {
    let path = try randomized(.f32) { directory in
      directory.edit(name) { $0.bytes.replaceSubrange(20..<24, with: Self.bytes(of: value, .f32)) }
    }
    let error = await failure {
      try await convert(path, target, to: folder("out")) { $0.allowsRounding = true }
    }
    #expect(error?.location.tensor == name)
    #expect(error?.code == .notExact || error?.code == .unsupported)
    let names = try folder.names
    #expect(names == ["model"])
  }

  @Test func quantizedWeightsAreNotQuantizedAnew() async throws {
    var directory = try EditedDirectory("micro/awq")
    directory.edit("layers.0.mlp.up_proj.qweight") { $0.bytes[0] ^= 0x05 }
    let path = try directory.write(to: folder)
    let error = await failure {
      try await convert(path, .gguf, to: folder("out")) { $0.allowsRounding = true }
    }
    #expect(error?.code == .notExact)
    #expect(error?.location.tensor == "model.layers.0.mlp.up_proj.weight")
    var options = ConversionOptions()
    options.allowsRounding = true
    let scan = try await Conversion(of: Model(opening: path), to: .gguf, options: options).scan()
    #expect(scan.map(\.consequence) == [.refused])
  }

  @Test func strictnessIsStronger() async throws {
    let path = try randomized(.f32)
    let error = await failure {
      try await convert(path, .gguf, to: folder("out")) {
        $0.allowsRounding = true
        $0.isStrict = true
      }
    }
    #expect(error?.code == .notExact)
  }

  @Test func theProofSeesWhatIsNotAsRounded() async throws {
    let path = try randomized(.f16)
    let model = try await convert(path, .gguf, to: folder("out.gguf")) { $0.allowsRounding = true }
      .model
    let name = "blk.0.attn_k.weight"
    let target = try #require(model.tensor(named: name))
    let source = try Model(opening: path)
    let tensor = try #require(source.tensor(named: "model.layers.0.self_attn.k_proj.weight"))
    let moves = [Move(source: try tensor.rounded(for: .q1_0), target: target)]
    var bytes = try folder.bytes("out.gguf")
    for damaged in [false, true] {
      if damaged { bytes[target.parts[0].info.range.upperBound - 18] ^= 1 }
      let written = try Model(opening: folder.write("\(damaged).gguf", bytes))
      let error = await failure {
        try await Proving(
          run: TileRun(reader: source.reader, width: 2), written: written.reader,
          progress: { _ in })(moves)
      }
      #expect(error?.code == (damaged ? .proofFailed : nil))
    }
  }
}
