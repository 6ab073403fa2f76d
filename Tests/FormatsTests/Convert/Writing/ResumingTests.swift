import Testing

@testable import Formats

@Suite("Conversions that are resumed")
struct ResumingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let hidden = ".out.bonsai-fmt-partial"

  private static func options(shardByteCount: Int = 100_000) -> ConversionOptions {
    var options = ConversionOptions()
    options.shardByteCount = shardByteCount
    options.resumes = true
    return options
  }

  /// - Parameter limit: After how many bytes the run is cancelled.
  @discardableResult
  private func run(
    _ input: String = Fixture.path("micro/q1_0.gguf"), _ options: ConversionOptions = options(),
    to target: ConversionTarget = .awq, interruptedAt limit: Int = .max
  ) async throws -> FormatError? {
    let conversion = try Conversion(of: Model(opening: input), to: target, options: options)
    let holder = TaskHolder()
    let task = Task { [path = folder("out")] in
      await failure {
        await holder.waitUntilSet()
        _ = try await conversion.run(to: path) {
          if $0.phase == .converting, $0.done >= limit { holder.cancel() }
        }
      }
    }
    holder.set(task)
    return await task.value
  }

  /// What a run that was not interrupted makes of it.
  private func makeReference(
    _ input: String = Fixture.path("micro/q1_0.gguf"), _ options: ConversionOptions = options(),
    to target: ConversionTarget = .awq
  ) async throws {
    var options = options
    options.resumes = false
    _ = try await Conversion(of: Model(opening: input), to: target, options: options)
      .run(to: folder("reference"))
  }

  private func finished() throws -> [String: SystemCalls.Status] {
    let names = try SystemCalls.list(folder(Self.hidden))
    return Dictionary(
      uniqueKeysWithValues: try names.compactMap { name in
        try SystemCalls.status(folder(Self.hidden + "/" + name)).map { (name, $0) }
      })
  }

  @Test(
    "Finished files are kept, and not written again",
    arguments: [150_000, 250_000, 350_000, 400_000])
  func interruption(limit: Int) async throws {
    try await makeReference()
    #expect(try await run(interruptedAt: limit)?.code == .cancelled)
    #expect(try folder.names == [Self.hidden, "reference"])
    let kept = try finished()
    #expect(!kept.isEmpty && kept.keys.allSatisfy { $0.hasPrefix("model-0000") })
    #expect(kept.keys.allSatisfy { $0.hasSuffix(".safetensors") })
    #expect(try await run() == nil)
    #expect(try folder.names == ["out", "reference"])
    #expect(try folder.differingFiles("reference", "out") == [])
    for (name, status) in kept {
      #expect(try SystemCalls.status(folder("out/" + name)) == status, "\(name)")
    }
  }

  @Test func whatWasKilledIsResumed() async throws {
    try await makeReference()
    try folder.makeFolder(Self.hidden)
    for name in ["model-00001-of-00005.safetensors", "model-00003-of-00005.safetensors"] {
      try folder.write("\(Self.hidden)/\(name)", folder.bytes("reference/\(name)"))
    }
    // What else a run leaves that had no time to clean up, or somebody has put there.
    try folder.write("\(Self.hidden)/model-00002-of-00005.safetensors.part", [1, 2, 3])
    try folder.write("\(Self.hidden)/config.json", [1, 2, 3])
    try folder.makeFolder("\(Self.hidden)/model-00004-of-00005.safetensors")
    let kept = try finished()
    #expect(try await run() == nil)
    #expect(try folder.differingFiles("reference", "out") == [])
    for name in ["model-00001-of-00005.safetensors", "model-00003-of-00005.safetensors"] {
      #expect(try SystemCalls.status(folder("out/" + name)) == kept[name])
    }
  }

  /// Such a name has no text, and is somebody else's.
  @Test func namesThatAreNoText() async throws {
    try await makeReference()
    try folder.makeFolder(Self.hidden)
    let kept = "model-00001-of-00005.safetensors"
    try folder.write("\(Self.hidden)/\(kept)", folder.bytes("reference/\(kept)"))
    try folder.writeNamelessFile(in: Self.hidden)
    let leftovers = try Cleaning(folder.path)(isDryRun: true)
    let size = try folder.bytes("reference/\(kept)").count
    #expect(leftovers.map(\.fileCount) == [2] && leftovers.map(\.byteCount) == [size + 3])
    #expect(try await run() == nil)
    #expect(try folder.differingFiles("reference", "out") == [])
  }

  @Test func namesThatAreNoTextAreCleaned() throws {
    try folder.makeFolder(Self.hidden)
    try folder.makeFolder(Self.hidden + "/deep")
    try folder.writeNamelessFile(in: Self.hidden)
    try folder.writeNamelessFile(in: Self.hidden + "/deep")
    let leftovers = try Cleaning(folder.path)()
    #expect(leftovers.map(\.fate) == [.removed] && leftovers.map(\.byteCount) == [6])
    #expect(try folder.names == [])
  }

  @Test("A damaged file is written anew", arguments: [20, 3000, 60_000])
  func damage(place: Int) async throws {
    try await makeReference()
    try folder.makeFolder(Self.hidden)
    let name = "model-00002-of-00005.safetensors"
    var bytes = try folder.bytes("reference/\(name)")
    bytes[place] ^= 0x40
    try folder.write("\(Self.hidden)/\(name)", bytes)
    #expect(try await run() == nil)
    #expect(try folder.differingFiles("reference", "out") == [])
  }

  @Test func anotherSourceIsNoticed() async throws {
    #expect(try await run(interruptedAt: 400_000)?.code == .cancelled)
    #expect(try finished().count >= 3)
    var gguf = try EditedGGUF()
    for tensor in gguf.tensors where tensor.bytes.count > 2000 {
      gguf.edit(tensor.name) { $0.bytes[100] ^= 1 }
    }
    let path = try gguf.write(to: folder)
    try await makeReference(path)
    #expect(try await run(path) == nil)
    // The card names the file, which is another one as well.
    #expect(try folder.differingFiles("reference", "out") == [])
  }

  @Test func otherOptionsMakeOtherFiles() async throws {
    #expect(try await run(interruptedAt: 400_000)?.code == .cancelled)
    let other = Self.options(shardByteCount: 200_000)
    try await makeReference(Fixture.path("micro/q1_0.gguf"), other)
    #expect(try await run(Fixture.path("micro/q1_0.gguf"), other) == nil)
    #expect(try folder.differingFiles("reference", "out") == [])
  }

  @Test func splitGGUFs() async throws {
    var options = Self.options()
    options.split = GGUFSplitLimits(tensorCount: 5)
    let input = Fixture.path("micro/awq")
    #expect(try await run(input, options, to: .gguf, interruptedAt: 60_000)?.code == .cancelled)
    #expect(try !finished().isEmpty)
    #expect(try await run(input, options, to: .gguf) == nil)
    options.resumes = false
    let reference = try Conversion(of: Model(opening: input), to: .gguf, options: options)
    try folder.makeFolder("other")
    _ = try await reference.run(to: folder("other/out"))
    try SystemCalls.rename(folder("other/out"), to: folder("reference"))
    #expect(try folder.differingFiles("reference", "out") == [])
  }

  @Test func withoutItNothingStays() async throws {
    var options = Self.options()
    #expect(try await run(interruptedAt: 250_000)?.code == .cancelled)
    options.resumes = false
    let error = try await run(Fixture.path("micro/q1_0.gguf"), options, interruptedAt: 250_000)
    #expect(error?.code == .cancelled)
    #expect(try folder.names == [])
  }

  @Test func aRunThatIsUnderWayIsLeftAlone() async throws {
    let other = try OutputTransaction(folder("out"), .directory, replacing: false, inputs: [])
    #expect(try await run()?.code == .locked)
    other.rollBack()
  }

  @Test func aSingleFileHasNothingToResume() async throws {
    let error = await failure { try await run(to: .gguf) }
    #expect(error?.code == .usage)
  }
}
