import Synchronization
import Testing

@testable import Formats

@Suite("Models that convert, but not all in the ordinary way")
struct ConversionExceptionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func convert(
    _ gguf: EditedGGUF, _ change: (inout ConversionOptions) -> Void = { _ in }
  ) async throws -> ConversionReport {
    try await ConversionGoldenTests.convert(gguf.write(to: folder), to: folder, change)
  }

  private func stored(_ name: String) throws -> (tensor: Tensor, bytes: [UInt8]) {
    let model = try Model(opening: folder("out"))
    let tensor = try #require(model.tensor(named: name))
    var bytes: [UInt8] = []
    try model.reader.read(tensor.matrix.whole, of: tensor, into: &bytes)
    return (tensor, bytes)
  }

  @Test func aNormThatF16CannotHoldStaysF32() async throws {
    var gguf = try EditedGGUF()
    gguf.edit("blk.1.attn_norm.weight") { $0.bytes[0] |= 1 }
    let report = try await convert(gguf)
    let name = "model.layers.1.input_layernorm.weight"
    #expect(
      report.notes == ["\(name) stays F32: the value 0.9003907 has no exact form in F16"])
    let norm = try stored(name)
    #expect(norm.tensor.layout == .f32)
    #expect(norm.bytes == gguf.tensors.first { $0.name == "blk.1.attn_norm.weight" }?.bytes)
    #expect(try stored("model.layers.0.input_layernorm.weight").tensor.layout == .f16)
  }

  /// Too large for a look beforehand: the weights themselves tell, and the plan is made anew.
  @Test func aLargeDenseTensorThatF16CannotHoldStaysF32() async throws {
    var gguf = try EditedGGUF()
    gguf.edit("token_embd.weight") {
      $0.become(.f32, [2056, 128], repeating: [0, 0, 0x80, 0x3F])
      #expect($0.shape.reduce(1, *) > TargetPlan.smallCount)
      $0.bytes[$0.bytes.count - 4] = 1
    }
    gguf.edit("output.weight") { tensor in
      tensor.shape = [2056, 128]
      tensor.bytes = (0..<2056).flatMap { tensor.bytes[$0 % 512 * 18..<$0 % 512 * 18 + 18] }
    }
    let report = try await convert(gguf) { $0.tokenizerDirectory = Fixture.path("micro/fp16") }
    #expect(
      report.notes == [
        "model.embed_tokens.weight stays F32: row 2055: the value 1.0000001 has no exact form in F16"
      ])
    #expect(try stored("model.embed_tokens.weight").tensor.layout == .f32)
    #expect(try stored("model.norm.weight").tensor.layout == .f16)
  }

  /// Key and value rows of 12: no eight outputs to a word; q is fused with them. The output
  /// projection has 24 inputs, which are no group of 128.
  @Test func whatDoesNotFitStaysF16WithItsSiblings() async throws {
    let gguf = try Self.narrowHeads()
    let report = try await convert(gguf)
    let attention = ["k", "o", "q", "v"].map { "self_attn.\($0)_proj" }
    let modules = (0..<2).flatMap { layer in attention.map { "model.layers.\(layer).\($0)" } }
    #expect(
      report.notes.contains(
        "model.layers.0.self_attn.k_proj.weight stays F16: [12, 128] is not a multiple of [8, 128]"
      ))
    #expect(
      report.notes.contains(
        "model.layers.0.self_attn.q_proj.weight stays F16: engines fuse it with one that does"))
    #expect(report.notes.count == 8)
    for module in modules { #expect(try stored(module + ".weight").tensor.layout == .f16) }
    #expect(try stored("model.layers.0.mlp.up_proj.weight").tensor.layout == .awq)
    let config = try JSONValue(parsing: folder.bytes("out/config.json"), name: "config.json")
    guard case .array(let listed)? = config["quantization_config"]?["modules_to_not_convert"]
    else {
      Issue.record("modules_to_not_convert is no list")
      return
    }
    let texts = listed.compactMap { value -> String? in
      if case .string(let text) = value { text } else { nil }
    }
    #expect(texts.sorted() == modules)
  }

  private static func narrowHeads() throws -> EditedGGUF {
    var gguf = try EditedGGUF()
    gguf.set([
      ("qwen3.attention.key_length", .uint32(12)), ("qwen3.attention.value_length", .uint32(12)),
    ])
    for layer in 0..<2 {
      for (name, rows) in [("q", 24), ("k", 12), ("v", 12)] {
        gguf.edit("blk.\(layer).attn_\(name).weight") {
          $0.shape = [rows, 128]
          $0.bytes = Array($0.bytes.prefix(rows * 18))
        }
        gguf.edit("blk.\(layer).attn_\(name)_norm.weight") {
          $0.become(.f32, [12], repeating: [0, 0, 0x80, 0x3F])
        }
      }
      gguf.edit("blk.\(layer).attn_output.weight") {
        $0.become(.f16, [128, 24], repeating: [0, 0x3C])
      }
    }
    return gguf
  }

  /// In these, only rows that are no whole groups matter.
  @Test(arguments: [ConversionTarget.gguf, .mlx])
  func rowsThatAreNoGroupsStayDense(target: ConversionTarget) async throws {
    let path = try Self.narrowHeads().write(to: folder)
    let (out, report) = try await FormatsTests.convert(path, target, to: folder("out"))
    let names = (0..<2).map { layer in
      target == .gguf
        ? "blk.\(layer).attn_output.weight" : "model.layers.\(layer).self_attn.o_proj.weight"
    }
    #expect(
      report.notes == names.map { "\($0) stays F16: [128, 24] is not a multiple of [1, 128]" })
    for name in names { #expect(out.tensor(named: name)?.layout == .f16) }
    #expect(out.tensors.filter { $0.layout == target.layout(of: .linear) }.count == 14)
    let error = await failure {
      try await FormatsTests.convert(path, target, to: folder("strict")) { $0.isStrict = true }
    }
    #expect(error?.code == .notExact)
  }

  @Test(
    "Odd scales keep their values", arguments: [0x0000, 0x8000, 0x8001, 0x03FF, 0x7BFF, 0xFBFF])
  func oddScales(bits: UInt16) async throws {
    var gguf = try EditedGGUF()
    for name in ["blk.0.ffn_down.weight", "token_embd.weight"] {
      gguf.edit(name) { $0.setScale(bits, block: 3) }
    }
    let report = try await convert(gguf)
    #expect(report.isProven)
    let source = try Model(opening: folder("model.gguf"))
    let target = try Model(opening: folder("out"))
    for (gguf, name) in [
      ("blk.0.ffn_down.weight", "model.layers.0.mlp.down_proj.weight"),
      ("token_embd.weight", "model.embed_tokens.weight"),
    ] {
      let before = try values(source, gguf)
      let after = try values(target, name)
      // Zeros keep their signs in the codes; of −0 that turns both.
      let same = zip(before, after).allSatisfy { $0 == $1 || ($0 | $1) & 0x7FFF == 0 }
      #expect(same, "\(name)")
    }
  }

  private func values(_ model: Model, _ name: String) throws -> [UInt16] {
    let tensor = try #require(model.tensor(named: name))
    var bytes = [UInt8](repeating: 0, count: Layout.f16.byteCount(of: tensor.matrix))
    try bytes.withMutableBytes { (span) throws(FormatError) in
      try model.read(tensor, as: .f16, into: &span)
    }
    return stride(from: 0, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  @Test func aTokenizerFromElsewhereIsCopied() async throws {
    var gguf = try EditedGGUF()
    gguf.set([("tokenizer.ggml.pre", .text("llama-bpe"))])
    let refused = await failure { _ = try await convert(gguf) }
    #expect(refused?.message.contains("--tokenizer-from DIR") == true)
    let report = try await ConversionGoldenTests.convert(folder("model.gguf"), to: folder) {
      $0.tokenizerDirectory = Fixture.path("micro/mlx")
    }
    for name in ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"] {
      #expect(report.files.contains { $0.name == name })
      let same = try folder.bytes("out/\(name)") == Fixture.bytes("micro/mlx/\(name)")
      #expect(same, "\(name)")
    }
    #expect(!report.files.contains { $0.name == "vocab.json" })
  }

  @Test(
    "Cancellation leaves nothing",
    arguments: [
      ConversionProgress.Phase.converting, .syncing, .proving,
    ])
  func cancellation(phase: ConversionProgress.Phase) async throws {
    let folder = try TemporaryFolder()
    let conversion = try Conversion(of: Model(opening: Fixture.path("micro/q1_0.gguf")), to: .awq)
    let holder = TaskHolder()
    let task = Task { [path = folder("out")] in
      await failure {
        await holder.waitUntilSet()
        _ = try await conversion.run(to: path) { if $0.phase == phase { holder.cancel() } }
      }
    }
    holder.set(task)
    let error = await task.value
    #expect(error?.code == .cancelled)
    #expect(try folder.names == [])
  }
}

/// Lets a task be cancelled from within its own work.
final class TaskHolder: Sendable {
  private let task = Mutex<Task<FormatError?, Never>?>(nil)
  func set(_ task: Task<FormatError?, Never>) { self.task.withLock { $0 = task } }
  func cancel() { task.withLock { $0?.cancel() } }
  func waitUntilSet() async { while task.withLock({ $0 == nil }) { await Task.yield() } }
}
