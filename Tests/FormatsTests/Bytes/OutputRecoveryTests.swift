import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("What dead runs have left")
struct OutputRecoveryTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let hidden = ".out.bonsai-fmt-partial"
  private static let aside = ".out.bonsai-fmt-partial-old"

  private func makeDirectory(_ name: String, _ text: String) throws {
    try folder.makeFolder(name)
    try folder.write("\(name)/config.json", Array(text.utf8))
    try folder.write("\(name)/model.safetensors", [])
  }

  private func begin(
    _ kind: OutputTransaction.Kind = .directory, replacing: Bool = false, inputs: [String] = []
  ) throws -> OutputTransaction {
    try OutputTransaction(folder("out"), kind, replacing: replacing, inputs: inputs)
  }

  private func clean(isDryRun: Bool = false) throws -> [String] {
    try Cleaning(folder.path)(isDryRun: isDryRun).map { "\($0.fate.rawValue) \($0.name)" }
  }

  @Test func theNextRunBringsBackTheOld() async throws {
    try makeDirectory(Self.aside, "old")
    try makeDirectory(Self.hidden, "new")
    let error = await failure { _ = try begin() }
    #expect(error?.code == .exists)
    #expect(
      error?.message
        == "exists already, and was brought back: an interrupted run had put it aside; --force "
        + "replaces it")
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out/config.json") == "old")
  }

  /// What was made for nothing is not left either.
  @Test(arguments: [true, false]) func whoResumesBringsBackTheOld(hasLeftover: Bool) async throws {
    try makeDirectory(Self.aside, "old")
    if hasLeftover { try makeDirectory(Self.hidden, "new") }
    let error = await failure {
      _ = try OutputTransaction(
        folder("out"), .directory, replacing: false, inputs: [], resuming: true)
    }
    #expect(error?.code == .exists)
    #expect(try folder.names == (hasLeftover ? [Self.hidden] : []) + ["out"])
  }

  @Test func theNextRunReplacesTheOld() throws {
    try makeDirectory(Self.aside, "old")
    try makeDirectory(Self.hidden, "new")
    let output = try begin(replacing: true)
    #expect(try folder.text("out/config.json") == "old")
    output.rollBack()
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out/config.json") == "old")
  }

  @Test func theNextRunRemovesWhatWasReplaced() throws {
    try folder.write(Self.aside, [1])
    try folder.write("out", [2])
    let output = try begin(.file, replacing: true)
    #expect(try folder.names == [Self.hidden, "out"])
    output.rollBack()
    #expect(try folder.bytes("out") == [2])
  }

  @Test func cleaningBringsBackTheOld() throws {
    try makeDirectory(Self.aside, "old")
    try makeDirectory(Self.hidden, "new")
    let expected = ["removed \(Self.hidden)", "brought_back \(Self.aside)"]
    #expect(try clean(isDryRun: true) == expected)
    #expect(try folder.names == [Self.hidden, Self.aside])
    #expect(try clean() == expected)
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out/config.json") == "old")
    #expect(try clean() == [])
  }

  /// No run puts a link aside: whose it is, nobody knows.
  @Test func cleaningLeavesLinksAlone() throws {
    try folder.makeFolder("elsewhere")
    for name in [Self.aside, ".other.bonsai-fmt-partial"] {
      try LinkTests.link(folder(name), to: "elsewhere")
    }
    let expected = ["failed .other.bonsai-fmt-partial", "failed \(Self.aside)"]
    let names = try folder.names
    #expect(try clean(isDryRun: true).sorted() == expected)
    #expect(try clean().sorted() == expected)
    #expect(try folder.names == names)
  }

  @Test func cleaningRemovesWhatWasReplaced() throws {
    try makeDirectory(Self.aside, "old")
    try makeDirectory("out", "new")
    let expected = ["removed \(Self.aside)"]
    #expect(try clean(isDryRun: true) == expected)
    #expect(try clean() == expected)
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out/config.json") == "new")
  }

  @Test func cleaningCountsAndLeavesOtherThingsAlone() throws {
    try makeDirectory(".a.bonsai-fmt-partial", "12345")
    try folder.write(".a.bonsai-fmt-partial/model.part", [1, 2])
    try folder.write(".b.gguf.bonsai-fmt-partial", [1, 2, 3])
    let others = [".bonsai-fmt-partial", ".x.bonsai-fmt-partial.txt", "a.bonsai-fmt-partial", "z"]
    for name in others { try folder.write(name, [1]) }
    let found = try Cleaning(folder.path)()
    #expect(found.map(\.byteCount) == [7, 3] && found.map(\.fileCount) == [3, 1])
    #expect(found.removedByteCount == 10)
    #expect(try folder.names == others)
  }

  @Test(arguments: [OutputTransaction.Kind.directory, .file])
  func whatARunHoldsIsLeftAlone(kind: OutputTransaction.Kind) throws {
    let output = try begin(kind)
    #expect(try clean() == ["in_use \(Self.hidden)"])
    #expect(try folder.names == [Self.hidden])
    output.rollBack()
    #expect(try folder.names == [])
  }

  @Test func whatCannotBeRemovedIsReported() async throws {
    try folder.write(".a.bonsai-fmt-partial", [1])
    try folder.write(".b.bonsai-fmt-partial", [1])
    let interception = CallInterception { (call, path) in
      call == .unlink && path.contains(".a.") ? .failed(EACCES) : .made
    }
    let found = try CallInterception.$current.withValue(interception) {
      try Cleaning(folder.path)()
    }
    #expect(found.map(\.fate) == [.failed, .removed])
    #expect(found[0].error?.message == "cannot remove it: Permission denied")
    #expect(try folder.names == [".a.bonsai-fmt-partial"])
  }

  @Test func onlyDirectoriesAreCleaned() async throws {
    try folder.write("file", [1])
    let file = await failure { _ = try Cleaning(folder("file")) }
    #expect(file?.code == .usage)
    #expect(file?.message == "needed the directory that holds the output, this is none")
    let nothing = await failure { _ = try Cleaning(folder("nothing")) }
    #expect(nothing?.code == .notFound && nothing?.message == "there is no such directory")
  }

  @Test(arguments: [hidden, aside]) func aLeftoverIsAnInput(name: String) async throws {
    try makeDirectory(name, "text")
    for input in [folder(name), folder("\(name)/config.json")] {
      let error = await failure { _ = try begin(inputs: [input]) }
      #expect(error?.code == .usage)
      #expect(error?.message.hasSuffix("which would be removed: rename it first") == true)
    }
    #expect(try folder.text("\(name)/config.json") == "text")
  }

  /// Hours after the run began, somebody has put something else there.
  @Test func whatIsReplacedIsLookedAtAgain() async throws {
    try makeDirectory("out", "old")
    let output = try begin(replacing: true)
    try SystemCalls.removeTree(folder("out"))
    try folder.makeFolder("out")
    try folder.write("out/diary.txt", [1])
    let error = await failure { try output.commit() }
    #expect(error?.code == .exists)
    output.rollBack()
    #expect(try folder.names == ["out"])
    #expect(try folder.bytes("out/diary.txt") == [1])
  }

  @Test func whatWasToBeReplacedIsGone() throws {
    try makeDirectory("out", "old")
    let output = try begin(replacing: true)
    try SystemCalls.removeTree(folder("out"))
    #expect(try output.commit() == nil)
    #expect(try folder.names == ["out"])
  }

  /// The old is the only one that is known to be durable.
  @Test func anUncertainOutputKeepsTheOld() async throws {
    try folder.write("out", [1])
    let output = try begin(.file, replacing: true)
    let file = try output.create("", byteCount: 0)
    try file.write([2], at: 0)
    try file.seal()
    let interception = CallInterception { (call, _) in call == .fsync ? .failed(EIO) : .made }
    let error = await CallInterception.$current.withValue(interception) {
      await failure { try output.commit() }
    }
    output.rollBack()
    #expect(
      error?.message
        == "the output is complete, but it is not known to be durable: cannot make it durable: "
        + "Input/output error; what it replaced is kept as '\(folder(Self.hidden))'")
    #expect(try folder.bytes("out") == [2] && folder.bytes(Self.hidden) == [1])
  }
}
