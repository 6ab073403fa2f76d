import Testing

@testable import Formats

@Suite struct GGUFSplitTests {
  @Test func names() throws {
    let name = try #require(GGUFSplitName("dir/Bonsai-8B-00002-of-00003.gguf"))
    #expect(name == GGUFSplitName(prefix: "dir/Bonsai-8B", index: 1, count: 3))
    #expect(name.siblings.first == "dir/Bonsai-8B-00001-of-00003.gguf")
    #expect(name.siblings.count == 3 && name.siblings[1] == name.path)
    #expect(GGUFSplitName("m-99999-of-100000.gguf")?.index == 99_998)
    let others = [
      "m.gguf", "m-00001-of-00003", "m-0001-of-0003.gguf", "m-00000-of-00003.gguf",
      "m-00004-of-00003.gguf", "m-000001-of-00003.gguf", "m-00001_of_00003.gguf", ".gguf", "",
      "m-00001-of-99999999999999999999.gguf", "00001-of-00001.gguf",
    ]
    for other in others { #expect(GGUFSplitName(other) == nil, "\(other)") }
  }

  @Test(arguments: ["m-00001-of-00003.gguf", "m-00003-of-00003.gguf"])
  func opensAllFromAny(_ path: String) throws {
    let model = try open(path, Self.files())
    #expect(model.shards.map(\.tensors.count) == [0, 1, 2])
    #expect(model.metadata.entries.map(\.key) == ["general.architecture"])
  }

  @Test func oneFileIsAModel() throws {
    var builder = GGUFBuilder()
    builder.add("split.count", 2, builder.encoded(UInt16(1)))
    let model = try open("any.gguf", ["any.gguf": builder])
    #expect(model.shards.count == 1 && model.metadata.entries.isEmpty)
  }

  @Test func refusals() throws {
    var files = Self.files()
    files["x.gguf"] = files["m-00001-of-00003.gguf"]
    expect(.malformed, "one of 3 files must be named 'prefix-00001-of-00003.gguf'", files, "x.gguf")
    files["x-00001-of-00002.gguf"] = files["m-00001-of-00003.gguf"]
    expect(
      .malformed, "one of 3 files must be named 'prefix-00001-of-00003.gguf'", files,
      "x-00001-of-00002.gguf")
    files["m-00002-of-00003.gguf"] = nil
    expect(.notFound, "no such file", files)
    files["m-00002-of-00003.gguf"] = files["m-00003-of-00003.gguf"]
    expect(.malformed, "'split.no' is 2, needed 1", files)
    files["m-00002-of-00003.gguf"] = Self.shard(1, total: 3, ["b"])
    expect(.malformed, "an earlier file of the model has a tensor of this name", files)
    files["m-00002-of-00003.gguf"] = Self.shard(1, total: 4, ["a"])
    expect(.malformed, "'split.tensors.count' is 4, needed 3", files)
    files["m-00002-of-00003.gguf"] = GGUFBuilder()
    files["m-00003-of-00003.gguf"] = Self.shard(2, total: 2, ["b", "c"])
    files["m-00001-of-00003.gguf"] = Self.shard(0, total: 2, [])
    expect(.malformed, "the key 'split.no' is missing in one of several files", files)
    files["m-00001-of-00003.gguf"] = Self.shard(0, count: 10_001, total: 2, [])
    expect(
      .limit, "the model is split into 10001 files, the limit is 10000: --limit files=N raises it",
      files)
  }

  private static func files() -> [String: GGUFBuilder] {
    var first = shard(0, total: 3, [])
    first.add("general.architecture", 8, first.encoded("qwen3"))
    return [
      "m-00001-of-00003.gguf": first,
      "m-00002-of-00003.gguf": shard(1, total: 3, ["a"]),
      "m-00003-of-00003.gguf": shard(2, total: 3, ["b", "c"]),
    ]
  }

  private static func shard(
    _ index: UInt16, count: UInt16 = 3, total: Int32, _ names: [String]
  ) -> GGUFBuilder {
    var builder = GGUFBuilder()
    builder.add("split.no", 2, builder.encoded(index))
    builder.add("split.count", 2, builder.encoded(count))
    builder.add("split.tensors.count", 5, builder.encoded(total))
    for name in names { builder.add(tensor: name, [4], 0, bytes: 16) }
    return builder
  }

  private func open(
    _ path: String, _ files: [String: GGUFBuilder]
  ) throws(FormatError) -> GGUFSplit {
    try GGUFSplit(opening: path) { (path) throws(FormatError) in
      guard let builder = files[path] else { throw FormatError(.notFound, "no such file") }
      return MemorySource(builder.bytes, name: path)
    }
  }

  private func expect(
    _ code: FormatError.Code, _ message: String, _ files: [String: GGUFBuilder],
    _ path: String = "m-00001-of-00003.gguf", _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try open(path, files)
      Issue.record("accepted", sourceLocation: sourceLocation)
    } catch {
      #expect(error.code == code, sourceLocation: sourceLocation)
      #expect(error.message == message, sourceLocation: sourceLocation)
    }
  }
}
