import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Outputs that appear as a whole or not at all")
struct OutputTransactionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func begin(
    _ path: String, _ kind: OutputTransaction.Kind = .directory, replacing: Bool = false,
    inputs: [String] = []
  ) throws -> OutputTransaction {
    try OutputTransaction(path, kind, replacing: replacing, inputs: inputs)
  }

  private func refusal(
    _ path: String, _ kind: OutputTransaction.Kind = .directory, replacing: Bool = false,
    inputs: [String] = []
  ) async -> FormatError? {
    await failure { _ = try begin(path, kind, replacing: replacing, inputs: inputs) }
  }

  private func fill(_ output: OutputTransaction, _ text: String) throws {
    let file = try output.create("file", byteCount: 0)
    try file.write(Array(text.utf8), at: 0)
    try file.seal()
  }

  @Test func aDirectoryAppearsAtTheEnd() throws {
    let output = try begin(folder("out/"))
    try fill(output, "new")
    #expect(try folder.names == [".out.bonsai-fmt-partial"])
    try output.commit()
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out/file") == "new")
  }

  @Test func aFileAppearsAtTheEnd() throws {
    let output = try begin(folder("out"), .file)
    try fill(output, "new")
    #expect(try folder.names == [".out.bonsai-fmt-partial"])
    try output.commit()
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out") == "new")
  }

  @Test func rollingBackLeavesNothing() throws {
    let output = try begin(folder("out"))
    try fill(output, "new")
    output.rollBack()
    #expect(try folder.names == [])
  }

  @Test func whatExistsStays() async throws {
    try folder.makeFolder("out")
    let error = await refusal(folder("out"))
    #expect(error?.code == .exists)
    #expect(error?.description == "\(folder("out")): exists already; --force replaces it")
    #expect(try folder.names == ["out"])
  }

  @Test func replacing() throws {
    try folder.makeFolder("out")
    for name in ["config.json", "model.safetensors.index.json"] {
      try folder.write("out/\(name)", [1])
    }
    let output = try begin(folder("out"), replacing: true)
    try fill(output, "new")
    #expect(try SystemCalls.list(folder("out")) == ["config.json", "model.safetensors.index.json"])
    try output.commit()
    #expect(try folder.names == ["out"])
    #expect(try SystemCalls.list(folder("out")) == ["file"])
  }

  /// What is no model is not removed for a slip of the finger.
  @Test(arguments: [
    ["diary.txt"], ["config.json", "main.js"], ["a.safetensors", "b.safetensors"],
  ])
  func onlyModelsAreReplaced(names: [String]) async throws {
    try folder.makeFolder("out")
    for name in names { try folder.write("out/\(name)", [1]) }
    let error = await failure { _ = try begin(folder("out"), replacing: true) }
    #expect(error?.code == .exists)
    #expect(try SystemCalls.list(folder("out")) == names)
  }

  @Test func anyTreeIsRemoved() throws {
    try folder.makeFolder("tree")
    try folder.makeFolder("tree/inner")
    try folder.write("tree/inner/file", [1])
    try folder.write("kept", [1])
    try SystemCalls.removeTree(folder("tree"))
    #expect(try folder.names == ["kept"])
  }

  /// As a strange umask makes it: what may not be looked into can be empty.
  @Test func whatCannotBeOpenedIsRemovedWhereItIsEmpty() async throws {
    let interception = CallInterception { (call, _) in call == .open ? .failed(EACCES) : .made }
    try folder.makeFolder("empty")
    try CallInterception.$current.withValue(interception) {
      try SystemCalls.removeTree(folder("empty"))
    }
    try folder.makeFolder("full")
    try folder.write("full/file", [1])
    let error = await failure {
      try CallInterception.$current.withValue(interception) {
        try SystemCalls.removeTree(folder("full"))
      }
    }
    #expect(error?.message == "cannot open it: Permission denied")
    #expect(try folder.names == ["full"])
  }

  private func leftover(_ change: (String) -> Void) throws -> OutputTransaction {
    let hidden = folder(".out.bonsai-fmt-partial")
    try folder.makeFolder(".out.bonsai-fmt-partial")
    for name in ["a", "b"] { try folder.write(".out.bonsai-fmt-partial/\(name)", [1]) }
    change(hidden)
    return try OutputTransaction(
      folder("out"), .directory, replacing: false, inputs: [], resuming: true)
  }

  /// Somebody could change it under its other name after it has been proven.
  @Test func aFileWithTwoNamesIsNotTakenOver() throws {
    let output = try leftover { _ = link($0 + "/a", folder("other")) }
    try output.removeAll(but: ["a", "b"])
    #expect(try SystemCalls.list(output.hiddenPath) == ["b"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root gives files away"), arguments: ["", "/a"])
  func whatOthersOwnIsNotTakenOver(name: String) throws {
    let output = try leftover { _ = lchown($0 + name, 1, 1) }
    try output.removeAll(but: ["a", "b"])
    #expect(try SystemCalls.list(output.hiddenPath) == (name.isEmpty ? [] : ["b"]))
  }

  @Test func replacingThatFailsLeavesTheOld() throws {
    try folder.write("out", [1])
    let output = try begin(folder("out"), .file, replacing: true)
    try fill(output, "new")
    output.rollBack()
    #expect(try folder.names == ["out"])
    #expect(try folder.bytes("out") == [1])
  }

  @Test func onlyLikeReplacesLike() async throws {
    try folder.write("file", [1])
    try folder.makeFolder("directory")
    let one = await refusal(folder("file"), .directory, replacing: true)
    #expect(one?.message == "is no directory, and only a directory can be replaced by one")
    let other = await refusal(folder("directory"), .file, replacing: true)
    #expect(other?.message == "is no file, and only a file can be replaced by one")
    #expect(one?.code == .exists && other?.code == .exists)
  }

  @Test func somethingThatAppearsMeanwhileStays() async throws {
    let output = try begin(folder("out"), .file)
    try fill(output, "new")
    try folder.write("out", [1])
    let error = await failure { try output.commit() }
    #expect(error?.code == .exists)
    #expect(error?.message == "exists already; --force replaces it")
    output.rollBack()
    #expect(try folder.names == ["out"])
    #expect(try folder.bytes("out") == [1])
  }

  @Test(arguments: [OutputTransaction.Kind.directory, .file])
  func onlyOneAtATime(kind: OutputTransaction.Kind) async throws {
    let first = try begin(folder("out"), kind)
    let error = await refusal(folder("out"), kind)
    #expect(error?.code == .locked)
    #expect(error?.description == "\(folder("out")): another run is writing this output")
    try fill(first, "first")
    try first.commit()
    #expect(try folder.names == ["out"])
  }

  @Test func leftoversAreRemoved() throws {
    try folder.makeFolder(".out.bonsai-fmt-partial")
    try folder.write(".out.bonsai-fmt-partial/junk", [1])
    let output = try begin(folder("out"))
    try fill(output, "new")
    try output.commit()
    #expect(try folder.names == ["out"])
    #expect(try SystemCalls.list(folder("out")) == ["file"])
    try folder.write(".one.bonsai-fmt-partial", [1])
    let file = try begin(folder("one"), .file)
    try fill(file, "2")
    try file.commit()
    #expect(try folder.names == ["one", "out"])
    #expect(try folder.text("one") == "2")
  }

  @Test func theOutputIsTheInput() async throws {
    try folder.write("in", [1])
    let error = await refusal(folder(".//in"), .file, replacing: true, inputs: [folder("in")])
    #expect(error?.code == .usage)
    #expect(error?.message == "the output is the input")
    #expect(try folder.names == ["in"])
  }

  @Test func theInputLiesInsideTheOutput() async throws {
    try folder.makeFolder("out")
    let input = try folder.write("out/in", [1])
    let error = await refusal(folder("out"), replacing: true, inputs: [input])
    #expect(error?.code == .usage)
    #expect(error?.message == "the input '\(input)' lies inside the output")
  }

  @Test func theOutputLiesInsideTheInput() async throws {
    let input = try folder.makeFolder("in")
    try folder.makeFolder("in/deep")
    let error = await refusal(folder("in/deep/out"), inputs: [input])
    #expect(error?.code == .usage)
    #expect(error?.message == "the output would lie inside the input '\(input)'")
  }

  @Test func noParent() async {
    let error = await refusal(folder("a/b"))
    #expect(error?.code == .exists)
    #expect(
      error?.description
        == "\(folder("a/b")): cannot be made: there is no directory '\(folder("a"))'")
  }

  @Test(arguments: ["/", ".", "..", "/tmp/.."]) func noName(path: String) async {
    let error = await refusal(path)
    #expect(error?.code == .usage)
    #expect(error?.message == "the output needs a name of its own")
  }
}
