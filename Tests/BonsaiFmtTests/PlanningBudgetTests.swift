import Foundation
import Testing

/// A plan that takes more memory than is allowed is refused before it takes it.
@Suite(
  "What a plan takes",
  .disabled(if: Sanitizer.isWatching, "a sanitizer takes more memory than the limit allows"))
struct PlanningBudgetTests {
  /// Sixteen million rows of one weight each, in a file without contents, and a tokenizer of a few
  /// hundred tokens: each of the others would become a token that only pads.
  @Test func manyRows() throws {
    let folder = try WorkFolder()
    let model = folder.url.appendingPathComponent("model")
    try FileManager.default.copyItem(
      at: Snapshot.fixtures.appendingPathComponent("micro-tied-edge/fp16"), to: model)
    try Self.configure(model.appendingPathComponent("config.json"))
    try Self.writeWeights(model.appendingPathComponent("model.safetensors"))
    let script = "ulimit -d 163840 && exec \"$0\" convert model --to gguf -o out --dry-run"
    let result = try Tool.run("/bin/sh", ["-c", script, Tool.path], in: folder.url)
    #expect(result.status == 65, "\(result.errors.suffix(300))")
    #expect(result.errors.contains(" are allowed: --max-memory "))
  }

  private static let rows = 1 << 24

  private static func configure(_ url: URL) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var config = json as? [String: Any] ?? [:]
    for (name, value) in [
      ("vocab_size", rows), ("hidden_size", 1), ("intermediate_size", 1), ("head_dim", 2),
      ("num_attention_heads", 1), ("num_key_value_heads", 1), ("num_hidden_layers", 1),
    ] { config[name] = value }
    config["tie_word_embeddings"] = true
    try JSONSerialization.data(withJSONObject: config).write(to: url)
  }

  private static func writeWeights(_ url: URL) throws {
    let layer = [
      ("input_layernorm", [1]), ("self_attn.q_proj", [2, 1]), ("self_attn.k_proj", [2, 1]),
      ("self_attn.v_proj", [2, 1]), ("self_attn.o_proj", [1, 2]), ("self_attn.q_norm", [2]),
      ("self_attn.k_norm", [2]), ("post_attention_layernorm", [1]), ("mlp.gate_proj", [1, 1]),
      ("mlp.up_proj", [1, 1]), ("mlp.down_proj", [1, 1]),
    ]
    let tensors =
      [("embed_tokens", [rows, 1]), ("norm", [1])] + layer.map { ("layers.0." + $0.0, $0.1) }
    var (members, end) = ([String](), 0)
    for (name, shape) in tensors {
      let start = end
      end += shape.reduce(2, *)
      members.append(
        #""model.\#(name).weight":{"dtype":"F16","shape":\#(shape),"data_offsets":[\#(start),\#(end)]}"#
      )
    }
    let header = Data("{\(members.joined(separator: ","))}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    try (length + header).write(to: url)
    let file = try FileHandle(forWritingTo: url)
    defer { try? file.close() }
    try file.truncate(atOffset: UInt64(8 + header.count + end))
  }
}
