import Testing

@testable import Formats

/// Tensor-parallel sizes of published dimensions; the reference is what vLLM's checks give for them.
@Suite struct ServingTests {
  private func serving(
    hidden: Int, intermediate: Int, heads: Int, keyValueHeads: Int, layout: Layout = .awq
  ) throws -> Inspection.ServingFacts {
    let config: JSONValue = [
      "model_type": "qwen3", "hidden_size": .integer(hidden),
      "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(keyValueHeads),
      "head_dim": 128,
    ]
    let (queries, keys) = (heads * 128, keyValueHeads * 128)
    let shapes = [
      ("self_attn.q_proj", [queries, hidden]), ("self_attn.k_proj", [keys, hidden]),
      ("self_attn.v_proj", [keys, hidden]), ("self_attn.o_proj", [hidden, queries]),
      ("mlp.gate_proj", [intermediate, hidden]), ("mlp.up_proj", [intermediate, hidden]),
      ("mlp.down_proj", [hidden, intermediate]),
    ]
    let tensors = shapes.map { name, shape in
      Tensor(name: "model.layers.0.\(name).weight", shape: shape, layout: layout, parts: [])
    }
    let model = Model(path: "", form: .awq, files: [], tensors: tensors, config: config)
    return try #require(Inspection.ServingFacts(model, Inspection.ArchitectureFacts(model)))
  }

  @Test func eightBillion() throws {
    let serving = try serving(hidden: 4096, intermediate: 12288, heads: 32, keyValueHeads: 8)
    #expect(serving.plainSizes == [1, 2, 4, 8, 16, 32])
    #expect(serving.plainObstacle == .init(size: 64, reason: "32 heads"))
    #expect(serving.marlinSizes == serving.plainSizes)
  }

  @Test func fourBillionStopsAtTheDownProjection() throws {
    let serving = try serving(hidden: 2560, intermediate: 9728, heads: 32, keyValueHeads: 8)
    #expect(serving.plainSizes == [1, 2, 4])
    #expect(
      serving.plainObstacle
        == .init(size: 8, reason: "down_proj: 9728 inputs over 8 are no multiples of 128"))
  }

  @Test func headsAndInputsThatDoNotDivide() throws {
    let odd = try serving(hidden: 128, intermediate: 1280, heads: 10, keyValueHeads: 5)
    #expect(odd.plainSizes == [1])
    #expect(odd.plainObstacle == .init(size: 2, reason: "5 key-value heads"))
    let narrow = try serving(hidden: 72, intermediate: 256, heads: 1, keyValueHeads: 1)
    let reason = "q_proj: 72 inputs are no multiple of 128"
    #expect(narrow.plainObstacle == .init(size: 1, reason: reason))
  }

  @Test func marlinWantsMoreInputsThanASmallGroup() throws {
    let layout = Layout.awq(groupSize: 64)
    let serving = try serving(
      hidden: 2560, intermediate: 9728, heads: 32, keyValueHeads: 8, layout: layout)
    #expect(serving.plainSizes == [1, 2, 4, 8])
    #expect(serving.marlinSizes == [1, 2, 4])
  }
}
