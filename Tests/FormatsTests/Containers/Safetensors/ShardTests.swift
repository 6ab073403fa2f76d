import Testing

@testable import Formats

private func tensor(_ name: String, _ count: Int) -> SafetensorsPlan.Tensor {
  SafetensorsPlan.Tensor(name: name, type: .u8, shape: [count])
}

@Suite struct ShardTests {
  @Test func unitsStayTogetherAndInOrder() throws {
    let plan = try ShardPlan(
      units: [
        [tensor("c", 3), tensor("d", 3)], [tensor("b", 4)], [tensor("a", 1)],
        [tensor("big", 9), tensor("bigger", 9)], [tensor("last", 10)],
      ], limit: 10)
    #expect(
      plan.shards.map { $0.tensors.map(\.name) } == [
        ["c", "d", "b"], ["a"], ["big", "bigger"], ["last"],
      ])
    #expect(plan.shards.map(\.byteCount) == [10, 1, 18, 10])
    #expect(plan.byteCount == 39)
    #expect(plan.shards.map(\.fileName).first == "model-00001-of-00004.safetensors")
    #expect(plan.shards.map(\.fileName).last == "model-00004-of-00004.safetensors")
  }

  @Test func oneShard() throws {
    let plan = try ShardPlan(units: [[tensor("a", 99)]], limit: 1)
    #expect(plan.shards.map(\.fileName) == ["model.safetensors"])
    let index = String(decoding: plan.index(parameterCount: 7), as: UTF8.self)
    #expect(index.contains("\"total_size\": 99,\n    \"total_parameters\": 7\n"))
    #expect(try ShardPlan(units: [], limit: 1).shards.map(\.byteCount) == [0])
  }

  @Test func theIndexIsWrittenAsHuggingFaceDoes() throws {
    let plan = try ShardPlan(
      units: [[tensor("b", 2)], [tensor("a.10", 2)], [tensor("a.2", 2)]], limit: 2)
    let text = """
      {
        "metadata": {
          "total_size": 6
        },
        "weight_map": {
          "a.10": "model-00002-of-00003.safetensors",
          "a.2": "model-00003-of-00003.safetensors",
          "b": "model-00001-of-00003.safetensors"
        }
      }

      """
    #expect(plan.index() == Array(text.utf8))
  }

  @Test func sumsOverflowIntoErrors() {
    #expect(
      message { () throws(FormatError) in
        _ = try ShardPlan(units: [[tensor("a", .max)], [tensor("b", 1)]], limit: .max)
      } == "the length of all data overflows 64 bits")
  }

  @Test func whatIsPlannedIsReadBackAsASet() throws {
    let plan = try ShardPlan(
      units: [[tensor("b", 2)], [tensor("a", 2)], [tensor("c", 2)]], limit: 4)
    let index = try SafetensorsIndex(
      MemorySource(plan.index(), name: SafetensorsIndex.fileName))
    #expect(index.shardNames == plan.shards.map(\.fileName))
    #expect(index.totalByteCount == 6)
    let set = try SafetensorsSet(index: index, shards: try plan.shards.map(opened))
    #expect(set.tensor(named: "c")?.file.source.name == "model-00002-of-00002.safetensors")
    #expect(set.tensor(named: "c")?.info.shape == [2])
    #expect(set.tensor(named: "d") == nil)
  }

  @Test func readsTheIndexOfMLX() throws {
    let index = try SafetensorsIndex(
      FileSource(path: Fixture.path("micro/mlx/model.safetensors.index.json")))
    let file = try SafetensorsFile(FileSource(path: Fixture.path("micro/mlx/model.safetensors")))
    #expect(index.totalByteCount == 84224)
    let shard = SafetensorsSet.Shard(name: "model.safetensors", file: file)
    let set = try SafetensorsSet(index: index, shards: [shard])
    #expect(set.tensor(named: "lm_head.weight")?.info.type == .u32)
    #expect(try SafetensorsSet(shard).tensor(named: "lm_head.weight")?.info.type == .u32)
  }

  private func opened(_ shard: ShardPlan.Shard) throws -> SafetensorsSet.Shard {
    let plan = try SafetensorsPlan(shard.tensors)
    let bytes = plan.header + [UInt8](repeating: 0, count: plan.fileByteCount - plan.header.count)
    return .init(
      name: shard.fileName, file: try SafetensorsFile(MemorySource(bytes, name: shard.fileName)))
  }
}

@Suite struct SafetensorsIndexTests {
  @Test(arguments: [
    ("[]", "i:0: needed an object as the index, found '['"),
    ("{}", "i: the index has no weight_map"),
    ("{\"weight_map\":[]}", "i:14: needed an object as weight_map, found '['"),
    ("{\"weight_map\":{\"a\":1}}", "i:19: needed a file name as a value of weight_map, found '1'"),
    ("{\"weight_map\":{},\"weight_map\":{}}", "i:17: the index names 'weight_map' twice"),
    (
      "{\"weight_map\":{\"a\":\"b.safetensors\",\"\\u0061\":\"b.safetensors\"}}",
      "i:35: weight_map names 'a' twice"
    ),
    ("{\"weight_map\":{}}x", "i:17: needed the end of the text, found 'x'"),
  ])
  func refuses(_ text: String, _ expected: String) {
    #expect(
      message { () throws(FormatError) in
        _ = try SafetensorsIndex(MemorySource(Array(text.utf8), name: "i"))
      } == expected)
  }

  @Test(arguments: [
    "", ".safetensors", ".a.safetensors", "../a.safetensors", "/a.safetensors", "a/b.safetensors",
    "a\\\\b.safetensors", "a.bin", "a.safetensors\\u0000", "\u{e9}.safetensors", "a b.safetensors",
    String(repeating: "a", count: 244) + ".safetensors",
  ])
  func refusesShardNamesThatAreNotPlain(_ shard: String) {
    let text = "{\"weight_map\":{\"a\":\"\(shard)\"}}"
    let found = message { () throws(FormatError) in
      _ = try SafetensorsIndex(parsing: Array(text.utf8), name: "i")
    }
    #expect(
      found?.hasPrefix(
        "i:19: tensor 'a': needed a plain file name that ends in .safetensors, found '") == true)
  }

  @Test func refusesAnIndexOfUnknownLength() {
    #expect(
      message { () throws(FormatError) in _ = try SafetensorsIndex(EndlessSource(bytes: [])) }
        == "endless: the index has an unknown number of bytes, the limit is 100000000: --limit index=N raises it"
    )
  }

  @Test func refusesAShardGivenTwice() throws {
    let text = "{\"weight_map\":{\"a\":\"s.safetensors\"}}"
    let index = try SafetensorsIndex(parsing: Array(text.utf8), name: "i")
    let plan = try SafetensorsPlan([tensor("a", 0)])
    let shard = SafetensorsSet.Shard(name: "s.safetensors", file: try open(plan.header))
    #expect(
      message { () throws(FormatError) in
        _ = try SafetensorsSet(index: index, shards: [shard, shard])
      } == "i: the shard s.safetensors was given twice")
  }

  @Test func ignoresWhatItDoesNotKnow() throws {
    let text =
      "{\"x\":[{\"y\":[null,1.5,true]}],\"metadata\":{\"total_size\":1.5},\"weight_map\":{}}"
    let index = try SafetensorsIndex(parsing: Array(text.utf8), name: "i")
    #expect(index.totalByteCount == nil && index.weightMap.isEmpty)
  }

  @Test(
    arguments: [
      (["a": "1", "b": "2"], ["1": ["a"], "2": ["b"]], nil),
      (
        ["a": "1", "b": "2"], ["1": ["a"]],
        "i: the index names the shard 2.safetensors, which is missing"
      ),
      (
        ["a": "1"], ["1": ["a"], "2": ["b"]],
        "i: the index does not name the shard 2.safetensors"
      ),
      (
        ["a": "1", "b": "1"], ["1": ["a"]],
        "i: tensor 'b': the index says that the tensor is in 1.safetensors, no shard has it"
      ),
      (
        ["a": "1", "b": "1", "c": "2"], ["1": ["a"], "2": ["b", "c"]],
        "i: tensor 'b': the index says that the tensor is in 1.safetensors, it is in 2.safetensors"
      ),
      (
        ["a": "1"], ["1": ["a", "b"]],
        "i: tensor 'b': the tensor is in 1.safetensors, the index does not name it"
      ),
      (
        ["a": "1", "b": "2"], ["1": ["a"], "2": ["a", "b"]],
        "2: tensor 'a': the tensor is in 1.safetensors and again in 2.safetensors"
      ),
    ] as [([String: String], [String: [String]], String?)])
  func indexAndShardsMustAgree(
    _ map: [String: String], _ shards: [String: [String]], _ expected: String?
  ) throws {
    let entries = map.map { JSONValue.Member($0.key, .string($0.value + ".safetensors")) }
    let index = try SafetensorsIndex(
      parsing: JSONValue.object([.init("weight_map", .object(entries))]).serialized(), name: "i")
    let files = try shards.sorted { $0.key < $1.key }.map { name, tensors in
      let plan = try SafetensorsPlan(tensors.map { tensor($0, 0) })
      return SafetensorsSet.Shard(
        name: name + ".safetensors",
        file: try SafetensorsFile(MemorySource(plan.header, name: name)))
    }
    #expect(
      message { () throws(FormatError) in _ = try SafetensorsSet(index: index, shards: files) }
        == expected)
  }
}
