import Testing

@testable import Formats

@Suite struct LayerNumberTests {
  @Test(arguments: [
    ("blk.12.attn_q.weight", 12, "blk.N.attn_q.weight"), ("7", 7, "N"), ("a.7", 7, "a.N"),
    ("a..7.b", 7, "a..N.b"), ("a.1x.2.3", 2, "a.1x.N.3"), ("a.999999.b", 999_999, "a.N.b"),
    ("a.1234567.8", 8, "a.1234567.N"), ("\u{e9}.3.\u{301}", 3, "\u{e9}.N.\u{301}"),
  ])
  func theFirstNumber(name: String, value: Int, open: String) throws {
    let number = try #require(LayerNumber(in: name))
    #expect(number.value == value)
    #expect(ByteString(number.leftOpen(in: name)) == ByteString(open))
  }

  @Test(arguments: ["", ".", "blk", "a.b", "a.1234567", "a.1x", "a.-1", "12a.b"])
  func noNumber(name: String) { #expect(LayerNumber(in: name) == nil) }

  @Test func behindAParent() {
    let parents = ["blk", "layers"].map { ByteString($0) }
    #expect(LayerNumber(in: "blk.4.x", behind: parents)?.value == 4)
    #expect(LayerNumber(in: "model.layers.5.mlp.experts.6", behind: parents)?.value == 5)
    #expect(LayerNumber(in: "experts.6.layers.5", behind: parents)?.value == 5)
    #expect(LayerNumber(in: "conv.0.weight", behind: parents) == nil)
    #expect(LayerNumber(in: "3.blk", behind: parents) == nil)
  }
}
