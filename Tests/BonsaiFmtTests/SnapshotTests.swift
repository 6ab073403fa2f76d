import Foundation
import Testing

@Suite struct SnapshotTests {
  @Test(arguments: [
    ("inspect-q1_0", ["micro/q1_0.gguf"]),
    ("inspect-q1_0-tied", ["micro-tied-edge/q1_0.gguf"]),
    ("inspect-f16", ["micro/f16.gguf", "--no-metadata"]),
    ("inspect-fp16", ["micro/fp16"]),
    ("inspect-awq", ["micro/awq"]),
    ("inspect-awq-parts", ["micro/awq", "--parts", "--no-metadata"]),
    ("inspect-mlx", ["micro/mlx", "--no-metadata", "--tensors"]),
    ("inspect-safetensors", ["micro/awq/model.safetensors", "--no-tensors"]),
    ("inspect-vocabulary", ["vocab/ggml-vocab-qwen2.gguf", "--metadata"]),
    ("inspect-json-q1_0", ["micro/q1_0.gguf", "--json"]),
    ("inspect-json-awq", ["micro-tied-edge/awq", "--json"]),
  ])
  func inspections(name: String, arguments: [String]) throws {
    try Snapshot(name: name).check(["inspect"] + arguments)
  }

  @Test(arguments: [
    ("help", ["--help"]), ("help-inspect", ["inspect", "--help"]),
    ("help-convert", ["convert", "--help"]), ("help-sample", ["sample", "--help"]),
    (
      "usage-strict-rounding",
      ["convert", "micro/fp16", "--to", "gguf", "-o", "x", "--strict", "--allow-rounding"]
    ),
    ("help-pack", ["pack", "--help"]), ("help-unpack", ["unpack", "--help"]),
    ("help-clean", ["clean", "--help"]),
    ("usage-unknown-option", ["inspect", "micro/q1_0.gguf", "--nonsense"]),
    (
      "usage-compress",
      ["convert", "micro/q1_0.gguf", "--to", "awq", "--compress", "zstd:23", "-o", "no-output"]
    ),
    (
      "usage-split",
      ["convert", "micro/q1_0.gguf", "--to", "awq", "--split-max-size", "2G", "-o", "no-output"]
    ),
    (
      "usage-shard-size",
      ["convert", "micro/fp16", "--to", "gguf", "--shard-size", "2GB", "-o", "no-output"]
    ),
    ("usage-pre", ["convert", "micro/fp16", "--to", "awq", "--pre", "qwen2", "-o", "no-output"]),
    ("usage-output", ["pack", "micro/awq", "-o", "-"]),
    ("usage-output-unpack", ["unpack", "no-such.zst", "-o", "-"]),
    ("usage-force", ["convert", "micro/fp16", "--to", "gguf", "-o", "-", "--force"]),
    ("usage-force-sample", ["sample", "-o", "-", "--force"]),
    (
      "usage-model-card",
      ["convert", "micro/fp16", "--to", "gguf", "-o", "no-output", "--no-model-card"]
    ),
    ("usage-edges", ["bench", "--edges", "--runs", "3"]),
    ("usage-edges-shape", ["bench", "--edges", "--shape", "8b"]),
    ("usage-edges-in", ["bench", "--edges", "--in", "."]),
    ("usage-parts", ["inspect", "micro/awq", "--parts", "--no-tensors"]),
    ("usage-stream", ["verify", "micro/awq", "-"]), ("usage-stream-pack", ["pack", "-"]),
  ])
  func help(name: String, arguments: [String]) throws {
    try Snapshot(name: name).check(arguments)
  }

  @Test(arguments: [
    ("graph", ["graph"]), ("graph-json", ["graph", "--json"]), ("graph-dot", ["graph", "--dot"]),
    ("help-fingerprint", ["fingerprint", "--help"]), ("help-verify", ["verify", "--help"]),
    ("help-diff", ["diff", "--help"]), ("help-graph", ["graph", "--help"]),
    ("help-bench", ["bench", "--help"]),
    ("fingerprint", ["fingerprint", "micro/awq"]),
    ("fingerprint-tensors", ["fingerprint", "micro-tied-edge/mlx", "--tensors"]),
    ("fingerprint-json", ["fingerprint", "micro/q1_0.gguf", "--json"]),
    ("verify-same", ["verify", "micro/q1_0.gguf", "micro/awq"]),
    ("verify-different", ["verify", "micro/mlx", "micro-tied-edge/awq"]),
    ("verify-json-same", ["verify", "micro/fp16", "micro/mlx", "--json"]),
    ("verify-json-different", ["verify", "micro/q1_0.gguf", "micro-tied-edge/awq", "--json"]),
    ("diff-same", ["diff", "micro/awq", "micro/awq"]),
    ("diff-gguf", ["diff", "micro/q1_0.gguf", "micro-tied-edge/f16.gguf"]),
    ("diff-directories", ["diff", "micro/awq", "micro/mlx"]),
    ("diff-kinds", ["diff", "micro/q1_0.gguf", "micro/mlx"]),
    ("diff-json", ["diff", "micro/awq", "micro/mlx", "--json"]),
  ])
  func proofs(name: String, arguments: [String]) throws {
    try Snapshot(name: name).check(arguments)
  }

  @Test(arguments: [
    ("help-validate", ["validate", "--help"]), ("help-explain", ["explain", "--help"]),
    ("explain", ["explain"]), ("explain-one", ["explain", "gguf019"]),
    ("explain-json", ["explain", "W001", "--json"]), ("explain-unknown", ["explain", "GGUF999"]),
    ("validate-sound", ["validate", "micro/awq", "--profile", "vllm"]),
    ("validate-notes", ["validate", "micro-tied-edge/mlx", "--profile", "mlx"]),
    ("validate-engine", ["validate", "micro/q1_0.gguf", "--profile", "mlx"]),
    (
      "validate-strictly",
      ["validate", "micro/q1_0.gguf", "--profile", "mlx", "--profile", "spec", "--json"]
    ),
    ("validate-no-model", ["validate", "README.md"]),
    ("validate-no-model-json", ["validate", "README.md", "--json"]),
    ("validate-missing", ["validate", "no-such-file.gguf"]),
    ("validate-stream", ["validate", "-"]),
  ])
  func validations(name: String, arguments: [String]) throws {
    try Snapshot(name: name).check(arguments)
  }

  @Test(arguments: [
    ("plan-awq", ["micro/q1_0.gguf", "--to", "awq"]),
    ("plan-scan", ["micro-tied-edge/awq", "--to", "gguf", "--scan"]),
    ("plan-split", ["micro/fp16", "--to", "gguf", "--split-max-size", "20K"]),
    ("plan-rounding", ["micro/fp16", "--to", "gguf", "--scan", "--allow-rounding"]),
    ("plan-compress", ["micro/q1_0.gguf", "--to", "fp16", "--compress", "zstd:19"]),
    (
      "plan-memory",
      ["micro/q1_0.gguf", "--to", "fp16", "--compress", "zstd", "--max-memory", "75M"]
    ),
    ("plan-json", ["micro/fp16", "--to", "mlx", "--scan", "--json"]),
  ])
  func plans(name: String, arguments: [String]) throws {
    let free = /[0-9.]+ [A-Za-z]+ free|"disk_free": [0-9]+/
    try Snapshot(name: name).check(
      ["convert"] + arguments + ["-o", "no-such-output", "--dry-run", "--threads", "2"],
      masking: free)
  }

  @Test(arguments: [
    ("error-missing", ["inspect", "no-such-file.gguf"]),
    ("error-no-model", ["inspect", "vocab"]),
    ("error-no-model-file", ["inspect", "README.md"]),
    ("error-limit", ["inspect", "micro/q1_0.gguf", "--limit", "gguf-keys=3"]),
    ("usage-limit", ["verify", "micro/q1_0.gguf", "micro/awq", "--limit", "keys=3"]),
  ])
  func errors(name: String, arguments: [String]) throws {
    try Snapshot(name: name).check(arguments)
  }

  @Test(arguments: [("error-cut-header", 1000), ("error-cut-data", 80_000)])
  func cutFiles(name: String, byteCount: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = try Data(contentsOf: Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf"))
    try whole.prefix(byteCount).write(to: folder.appendingPathComponent("cut.gguf"))
    try Snapshot(name: name).check(["inspect", "cut.gguf"], in: folder)
    try Snapshot(name: "validate-\(name)").check(["validate", "cut.gguf"], in: folder)
  }

  /// Standard input and output are a shell's, as a user has them.
  @Test(arguments: [
    ("pipe-inspect", "cat micro/q1_0.gguf | bonsai-fmt inspect - --no-metadata"),
    ("pipe-parts", "cat micro/awq/model.safetensors | bonsai-fmt inspect - --no-tensors"),
    ("pipe-through", "bonsai-fmt convert micro/awq --to gguf -o - | cmp - micro/q1_0.gguf"),
    (
      "pipe-order",
      "cat micro/fp16/model.safetensors | "
        + "bonsai-fmt convert - --config-from micro/fp16 --to gguf -o - | wc -c"
    ),
    (
      "pipe-cut",
      "head -c 60000 micro/q1_0.gguf | bonsai-fmt convert - --to gguf-f16 -o - > /dev/null"
    ),
    ("pipe-awq", "cat micro/awq/model.safetensors | bonsai-fmt convert - --to gguf -o no-output"),
    (
      "pipe-awq-config",
      "cat micro/awq/model.safetensors | "
        + "bonsai-fmt convert - --config-from micro/awq --to gguf -o no-output"
    ),
    (
      "pipe-awq-zstd",
      "d=$(mktemp -d) && bonsai-fmt pack micro/awq/model.safetensors -q -o $d/a.zst && "
        + "cat $d/a.zst | bonsai-fmt convert - --config-from micro/awq --to gguf -o no-output; "
        + "s=$?; rm -r $d; exit $s"
    ),
    (
      "pipe-plan",
      "bonsai-fmt convert micro/awq --to gguf -o - --dry-run --threads 2 | tail -n 3"
    ),
    ("pipe-json", "bonsai-fmt convert micro/awq --to gguf -o - --json"),
    (
      "pipe-compress",
      "bonsai-fmt convert micro/q1_0.gguf --to gguf --compress zstd -o - -q | "
        + "bonsai-fmt convert - --to gguf -o - -q | cmp - micro/q1_0.gguf"
    ),
    (
      "pipe-compress-directory",
      "cat micro/q1_0.gguf | "
        + "bonsai-fmt convert - --to awq --compress zstd -o no-output"
    ),
    ("pipe-sample", "bonsai-fmt sample -o - | bonsai-fmt inspect - --no-metadata --no-tensors"),
  ])
  func pipes(name: String, command: String) throws {
    try Snapshot(name: name).check(shell: command)
  }

  @Test func packing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: Snapshot.fixtures.appendingPathComponent("micro/awq"),
      to: folder.appendingPathComponent("awq"))
    // What libzstd makes of the same bytes differs from version to version.
    let size = /[0-9.]+ KiB, [0-9.]+ : 1/
    try Snapshot(name: "pack").check(
      ["pack", "awq", "--threads", "2"], in: folder, masking: size)
    try Snapshot(name: "pack-again").check(["pack", "awq"], in: folder)
    try Snapshot(name: "pack-inspect").check(
      ["inspect", "awq.zst", "--no-tensors", "--no-metadata"], in: folder)
    try Snapshot(name: "unpack").check(
      ["unpack", "awq.zst", "-o", "back", "--threads", "2"], in: folder,
      masking: /[0-9.]+ KiB became|[0-9.]+ : 1/)
  }

  @Test func cleaning() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let hidden = folder.appendingPathComponent(".model-awq.bonsai-fmt-partial")
    try FileManager.default.createDirectory(at: hidden, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(count: 2000).write(to: hidden.appendingPathComponent("model.safetensors"))
    let aside = folder.appendingPathComponent(".old.gguf.bonsai-fmt-partial-old")
    try Data(count: 5).write(to: aside)
    try Snapshot(name: "clean-dry-run").check(["clean", ".", "--dry-run"], in: folder)
    try Snapshot(name: "clean-json").check(["clean", ".", "--dry-run", "--json"], in: folder)
    try Snapshot(name: "clean").check(["clean", "."], in: folder)
    try Snapshot(name: "clean-nothing").check(["clean", "."], in: folder)
    try Snapshot(name: "clean-missing").check(["clean", "nowhere"], in: folder)
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let script = "'\(Tool.path)' inspect --json micro/q1_0.gguf | true"
    let result = try Tool.run("/bin/sh", ["-c", script], in: Snapshot.fixtures)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
  }

  #if os(Linux)
    @Test(arguments: ["--help", "--version", "inspect micro/q1_0.gguf"])
    func aFullDiskIsAnError(arguments: String) throws {
      let script = "'\(Tool.path)' \(arguments) > /dev/full"
      let result = try Tool.run("/bin/sh", ["-c", script], in: Snapshot.fixtures)
      #expect(result.status == 74)
      #expect(result.errors.contains("standard output: cannot write it"))
    }
  #endif

  @Test func textOfAFileCannotSteerATerminal() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var data = try Data(contentsOf: Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf"))
    // The model's name, and the end of each tensor's: both are shown.
    for (text, hostile) in [("Micro", "\u{1b}[2J!"), ("attn_q.weight", "\u{1b}]0;\u{7}.weight!")] {
      while let range = data.range(of: Data(text.utf8)) {
        data.replaceSubrange(range, with: Data(hostile.utf8).prefix(range.count))
      }
    }
    try data.write(to: folder.appendingPathComponent("hostile.gguf"))
    for options in [[], ["--tensors", "--metadata"], ["--json"]] {
      let result = try Tool.run(["inspect", "hostile.gguf"] + options, in: folder)
      #expect(result.status == 0)
      let isTame = result.output.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }
      #expect(isTame, "\(options)")
    }
  }

  /// COLUMNS stands for the terminal that a test has not got.
  @Test(arguments: [30, 50, 80]) func linesFitTheTerminal(columns: Int) throws {
    for model in ["micro/q1_0.gguf", "micro/awq", "micro/mlx", "vocab/ggml-vocab-qwen2.gguf"] {
      for option in ["--tensors", "--parts"] {
        let result = try Tool.run(
          ["inspect", model, option], in: Snapshot.fixtures, columns: columns)
        let longest = result.output.split(separator: "\n").map(\.count).max()
        #expect(longest ?? .max <= columns, "\(model) \(option)")
      }
    }
  }
}
