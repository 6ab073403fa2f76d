import Testing

@testable import Formats

@Suite("Names of tensors in GGUF and in Hugging Face repositories")
struct NameTableTests {
  let table = NameTable.qwen3

  @Test("Every name goes over and comes back", arguments: [0, 7, 35, 999_999])
  func bothWays(layer: Int) {
    for row in table.rows {
      let gguf = row.gguf.name(layer: layer)
      let name = table.huggingFaceName(gguf: gguf)
      #expect(name == row.huggingFace.name(layer: layer))
      #expect(name.flatMap { table.ggufName(huggingFace: $0) } == gguf)
    }
    #expect(
      table.huggingFaceName(gguf: "blk.12.ffn_norm.weight")
        == "model.layers.12.post_attention_layernorm.weight")
  }

  @Test(
    "What only looks like a name is none",
    arguments: [
      "blk.01.attn_q.weight", "blk.00.attn_q.weight", "blk..attn_q.weight", "blk.-1.attn_q.weight",
      "blk.+1.attn_q.weight", "blk.1234567.attn_q.weight", "blk.٣.attn_q.weight",
      "blk.N.attn_q.weight", "blk.1.attn_q.weight ", "xblk.1.attn_q.weight", "blk.1.attn_q.bias",
      "blk.1.attn_q.weight.weight", "output.weight.0", "Output.weight", "", "blk.1",
      "blk.18446744073709551617.attn_q.weight", "blk.1.2.attn_q.weight",
    ])
  func strangers(name: String) {
    #expect(table.huggingFaceName(gguf: name) == nil)
  }

  @Test("Names are compared by their bytes")
  func bytes() {
    let table = NameTable(
      architecture: "x", modelClass: "X", rows: [.init("caf\u{E9}", "x", [])], fused: [])
    #expect(table.huggingFaceName(gguf: "caf\u{E9}") == "x")
    #expect(table.huggingFaceName(gguf: "cafe\u{301}") == nil)
  }

  @Test("A long table finds what going through its rows would find")
  func longTables() throws {
    let names =
      (0..<60).map { "model.layers.\($0 % 7).part\($0).weight" }
      + (0..<60).map { "other\($0).weight" } + [
        "a.N.0.b", "a.0.N.b", "01.x", "1234567.x", "3", "", "a.N.9.b", "a.9.N.b", "N.5", "a.N.N.b",
        "a.0.N.c", "a.N.N.c",
      ]
    let tensors = names.map { Tensor(name: $0, shape: [1], layout: .f32, parts: []) }
    let table = try NameTable.unchanged(tensors)
    #expect(table.rows.count > NameTableIndex.longestScannedTable)
    for name in names + ["model.layers.9.part3.weight", "other60.weight", "4"] {
      let row = table.rows.first { $0.gguf.fits(name) }
      #expect(table.match(gguf: name)?.row.gguf == row?.gguf, "\(name)")
      #expect(table.match(huggingFace: name)?.layer == row?.gguf.layer(in: name) ?? nil)
    }
    for name in names {
      let match = try #require(table.match(gguf: name), "\(name)")
      #expect(match.row.huggingFace.name(layer: match.layer) == name)
    }
  }

  @Test("What engines fuse is known from each of its parts")
  func fused() {
    let queries = "model.layers.3.self_attn.v_proj.weight"
    #expect(
      table.fusedSiblings(huggingFace: queries) == [
        "model.layers.3.self_attn.q_proj.weight", "model.layers.3.self_attn.k_proj.weight", queries,
      ])
    #expect(table.fusedSiblings(huggingFace: "model.layers.3.mlp.up_proj.weight").count == 2)
    #expect(table.fusedSiblings(huggingFace: "model.layers.3.mlp.down_proj.weight").isEmpty)
  }

  @Test("There is a table for qwen3, and none for what was never tried")
  func architectures() {
    #expect(NameTable.table(for: "qwen3")?.rows.count == 14)
    #expect(NameTable.table(for: "qwen35") == nil)
  }
}
