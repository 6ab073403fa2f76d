import Foundation
import Testing

/// Text of files that would steer a terminal or reorder a line, wherever it is printed.
@Suite("Text of files is escaped") struct EscapingTests {
  /// ESC, BEL, C1's CSI, a right-to-left override, an isolate, a line separator, DEL.
  private static let hostile = "\u{1b}[2J\u{7}\u{9b}1m\u{202e}\u{2066}\u{2028}\u{7f}x"
  private static let commands = [
    ["inspect", "--metadata", "--tensors", "--parts"], ["inspect", "--json"],
    ["validate"], ["validate", "--json"], ["validate", "--profile", "vllm", "--profile", "mlx"],
    ["convert", "--to", "awq", "-o", "out"], ["convert", "--to", "gguf", "-o", "out", "--json"],
    ["convert", "--to", "fp16", "-o", "plan", "--dry-run", "--scan"],
    ["convert", "--to", "mlx", "-o", "plan", "--dry-run", "--json"],
    ["fingerprint", "--tensors"], ["pack", "-o", "out"],
  ]

  /// Pieces of text that stand in a GGUF file, of equal length in bytes when replaced.
  @Test(arguments: [
    "qwen3", "general.name", "general.architecture", "tokenizer.chat_template",
    "tokenizer.ggml.model", "tokenizer.ggml.pre", "blk.0.attn_q.weight", "token_embd.weight",
    "qwen3.block_count", "gpt2", "qwen2",
  ])
  func inGGUF(text: String) throws {
    let folder = try WorkFolder()
    let data = try Data(contentsOf: Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf"))
    try Self.replacing(text, in: data).write(to: folder.url.appendingPathComponent("in"))
    try check(folder, "in")
    let other = Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf").path
    for options in [[], ["--json"]] {
      try check(Tool.run(["diff", other, "in"] + options, in: folder.url), options, folder)
    }
  }

  @Test(arguments: [
    ("config.json", "Qwen3ForCausalLM"), ("config.json", "\"qwen3\""), ("config.json", "awq"),
    ("config.json", "gemm"), ("config.json", "float16"), ("config.json", "hidden_size"),
    ("model.safetensors", "model.layers.0.self_attn.q_proj.qweight"),
    ("model.safetensors", "model.norm.weight"), ("model.safetensors", "\"F16\""),
    ("model.safetensors", "__metadata__"), ("model.safetensors", "format"),
    ("tokenizer.json", "BPE"), ("tokenizer_config.json", "Qwen2Tokenizer"),
    ("generation_config.json", "do_sample"),
  ])
  func inDirectory(file: String, text: String) throws {
    let folder = try WorkFolder()
    let place = folder.url.appendingPathComponent("in")
    try FileManager.default.copyItem(
      at: Snapshot.fixtures.appendingPathComponent("micro/awq"), to: place)
    let url = place.appendingPathComponent(file)
    // In JSON controls are escaped, and direction marks need not be.
    for hostile in ["\\u001b[2J\\u009b\\u202e\\u2066", "\u{202e}\u{2066}\u{9b}"] {
      var data = try Data(contentsOf: url)
      if file == "model.safetensors" {
        data = Self.replacingInHeader(text, hostile, in: data)
      } else {
        let quote = text.hasPrefix("\"") ? "\"" : ""
        let whole = String(decoding: data, as: UTF8.self)
        data = Data(whole.replacing(text, with: quote + hostile + quote).utf8)
      }
      try data.write(to: url)
      try check(folder, "in")
    }
  }

  @Test func inAnIndex() throws {
    let folder = try WorkFolder()
    let place = folder.url.appendingPathComponent("in")
    try FileManager.default.copyItem(
      at: Snapshot.fixtures.appendingPathComponent("micro/mlx"), to: place)
    let url = place.appendingPathComponent("model.safetensors.index.json")
    let text = try String(decoding: Data(contentsOf: url), as: UTF8.self)
    for (old, new) in [
      ("\"model.safetensors\"", "\"\\u001b[2J\\u202e.safetensors\""),
      ("model.norm.weight", "\\u009b\u{202e}\\u2066.weight"), ("weight_map", "\\u001b\u{2028}"),
    ] {
      try Data(text.replacing(old, with: new).utf8).write(to: url)
      try check(folder, "in")
    }
  }

  @Test func inNamesOfFiles() throws {
    let folder = try WorkFolder()
    let name = "\u{1b}[2J\u{202e}\u{9b}\n.gguf"
    let fixture = Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf")
    try FileManager.default.copyItem(
      atPath: fixture.path, toPath: folder.url.path + "/" + name)
    try check(folder, name)
    try check(folder, "missing" + name)
    for arguments in [
      ["clean", name], ["verify", name, fixture.path], ["diff", name, "no" + name],
    ] {
      try check(Tool.run(arguments, in: folder.url), arguments, folder)
    }
  }

  /// What the parser of the command line says of them.
  @Test func inArguments() throws {
    let folder = try WorkFolder()
    let text = "\u{1b}[2J\u{202e}\u{9b}\n\rbonsai-fmt: done"
    let fixture = Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf").path
    for arguments in [
      [text], ["inspect", fixture, text], ["inspect", fixture, "--" + text],
      ["convert", fixture, "--to", text, "-o", "out"], ["convert", fixture, "--threads", text],
      ["convert", fixture, "--to=" + text], ["explain", text],
      ["inspect", fixture, "--limit", text],
      ["help", text], ["bench", "--shape", text],
    ] {
      let result = try Tool.run(arguments, in: folder.url)
      #expect([64, 0].contains(result.status), "\(arguments): \(result.errors)")
      try check(result, arguments, folder)
      #expect(!result.errors.contains("\nbonsai-fmt: done"))
      #expect(!result.errors.contains("\r"))
    }
    #expect(try folder.names == [])
  }

  private static func replacing(_ text: String, in data: Data) -> Data {
    var data = data
    let old = Data(text.utf8)
    // Whole characters of as many bytes as there are to be filled.
    var new = Data()
    for scalar in Self.hostile.unicodeScalars.map({ Data(String($0).utf8) })
    where new.count + scalar.count <= old.count { new += scalar }
    new += Data(repeating: 0x21, count: old.count - new.count)
    while let range = data.range(of: old) { data.replaceSubrange(range, with: new) }
    return data
  }

  private static func replacingInHeader(_ text: String, _ new: String, in data: Data) -> Data {
    let count = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: data[8..<8 + count], as: UTF8.self)
    let quote = text.hasPrefix("\"") ? "\"" : ""
    let changed = Data(header.replacing(text, with: quote + new + quote).utf8)
    let length = Data((0..<8).map { UInt8(truncatingIfNeeded: changed.count >> (8 * $0)) })
    return length + changed + data[(8 + count)...]
  }

  private func check(_ folder: WorkFolder, _ input: String) throws {
    for command in Self.commands {
      let arguments = [command[0], input] + command.dropFirst()
      let result = try Tool.run(arguments, in: folder.url)
      try? FileManager.default.removeItem(at: folder.url.appendingPathComponent("out"))
      try check(result, arguments, folder)
    }
  }

  private func check(_ result: Tool.Result, _ arguments: [String], _ folder: WorkFolder) throws {
    #expect(result.status < 128, "\(arguments)")
    for text in [result.output, result.errors] {
      let raw = text.unicodeScalars.filter(Self.steers).map { String($0.value, radix: 16) }
      #expect(raw == [], "\(arguments): \(text.prefix(600).debugDescription)")
    }
    if arguments.contains("--json"), !result.output.isEmpty {
      _ = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xA: false
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
