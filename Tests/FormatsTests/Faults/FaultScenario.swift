@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Something that writes an output, again and again in folders of its own.
struct FaultScenario: Sendable, CustomStringConvertible {
  let description: String
  /// Puts the input into a folder, under `in`.
  let setUp: @Sendable (TemporaryFolder) throws -> Void
  /// What `out` is before, if anything.
  var old: (@Sendable (TemporaryFolder, String) throws -> Void)?
  /// Whether finished files may stay under the hidden name.
  var keepsFinished = false
  /// Whether the file system can neither exchange two names nor rename without replacing.
  var isPlain = false
  /// Reads the input, writes to this path.
  let run: @Sendable (TemporaryFolder, String) async throws -> Void

  func plan(_ faults: [FaultPlan.Fault] = []) -> FaultPlan {
    FaultPlan(faults) { [isPlain] call in
      isPlain && [.renameExchange, .renameExclusive].contains(call) ? .failed(EINVAL) : .made
    }
  }
}

extension FaultScenario {
  /// Whole commands.
  static let commands = [
    conversion("GGUF to AWQ", "q1_0.gguf", to: .awq),
    conversion("FP16 to GGUF", "fp16", to: .gguf),
    conversion("over a directory", "q1_0.gguf", to: .mlx, replacing: "mlx"),
    conversion("over a file", "awq", to: .gguf, replacing: "q1_0.gguf"),
    conversion("resumed", "q1_0.gguf", to: .awq) {
      $0.resumes = true
      $0.shardByteCount = 200_000
    },
    conversion("compressed", "q1_0.gguf", to: .mlx) {
      $0.compression = try? Compression(parsing: "zstd:1")
    },
    conversion("split", "fp16", to: .gguf) { $0.split = GGUFSplitLimits(tensorCount: 9) },
    fromStream,
    packing("packing a directory", "mlx", .pack(level: 1)),
    packing("packing a file", "q1_0.gguf", .pack(level: 1)),
    unpacking,
    FaultScenario(description: "a sample", setUp: { try $0.makeFolder("in") }) { (_, output) in
      try await Sample(SampleShape.all[0], seed: 1).write(
        to: output, replacing: false, budget: RunBudget(width: 1))
    },
  ]

  /// Outputs by themselves: so little work that all faults can be tried at any time.
  static let transactions = [
    transaction("a directory", .directory), transaction("a file", .file),
    transaction("a directory over another", .directory, replacing: true),
    transaction("a file over another", .file, replacing: true),
    transaction("a directory, plain renames", .directory, isPlain: true),
    transaction("a file, plain renames", .file, isPlain: true),
    transaction(
      "a directory over another in two steps", .directory, replacing: true, isPlain: true),
    transaction("a file over another in two steps", .file, replacing: true, isPlain: true),
  ]

  /// What makes a directory one of a model, which can be replaced.
  private static let directoryNames = ["config.json", "model.safetensors"]

  private static func transaction(
    _ name: String, _ kind: OutputTransaction.Kind, replacing: Bool = false, isPlain: Bool = false
  ) -> FaultScenario {
    var scenario = FaultScenario(description: name, setUp: { try $0.write("in", [1, 2, 3]) }) {
      (folder, path) in
      let input = try FileSource(path: folder("in"))
      let output = try OutputTransaction(path, kind, replacing: replacing, inputs: [folder("in")])
      do {
        try output.checkSpace(for: 3)
        for name in kind == .directory ? directoryNames : [""] {
          let file = try output.create(name, byteCount: 3)
          try file.write(input.bytes(0..<3), at: 0)
          try file.seal()
        }
        try input.checkUnchanged()
        try output.commit()
      } catch {
        output.rollBack()
        throw error
      }
    }
    scenario.isPlain = isPlain
    if replacing {
      scenario.old = { (folder, name) in
        guard kind == .directory else { return _ = try folder.write(name, [9]) }
        try folder.makeFolder(name)
        for file in directoryNames { try folder.write("\(name)/\(file)", [9]) }
      }
    }
    return scenario
  }

  private static func conversion(
    _ name: String, _ fixture: String, to target: ConversionTarget, replacing old: String? = nil,
    _ change: @escaping @Sendable (inout ConversionOptions) -> Void = { _ in }
  ) -> FaultScenario {
    var options = ConversionOptions()
    options.replaces = old != nil
    options.budget.width = 1
    change(&options)
    let chosen = options
    var scenario = FaultScenario(
      description: name, setUp: { try $0.copyFixture("micro/\(fixture)", as: "in") }
    ) { (folder, output) in
      let conversion = try Conversion(
        of: Model(opening: folder("in")), to: target, options: chosen)
      _ = try await conversion.run(to: output)
    }
    scenario.keepsFinished = chosen.resumes
    if let old {
      // Another model of the same kind, so that what is old and what is new can be told apart.
      scenario.old = { try $0.copyFixture("micro-tied-edge/\(old)", as: $1) }
    }
    return scenario
  }

  private static let fromStream = FaultScenario(
    description: "from a stream", setUp: { try $0.makeFolder("in") }
  ) { (_, output) in
    var options = ConversionOptions()
    options.budget.width = 1
    let stream = StreamSource(PassingBytes(try Fixture.bytes("micro/q1_0.gguf")))
    let conversion = try Conversion(of: Model(reading: stream), to: .awq, options: options)
    _ = try await conversion.run(to: output)
  }

  private static func packing(
    _ name: String, _ fixture: String, _ direction: Packing.Direction
  ) -> FaultScenario {
    FaultScenario(
      description: name, setUp: { try $0.copyFixture("micro/\(fixture)", as: "in") }
    ) { (folder, output) in
      try await Packing(folder("in"), direction).run(to: output, budget: RunBudget(width: 1))
    }
  }

  private static let unpacking = FaultScenario(
    description: "unpacking a directory",
    setUp: { folder in
      try folder.makeFolder("in")
      try folder.write("in/config.json", Fixture.bytes("micro/mlx/config.json"))
      try folder.write("in/q1_0.gguf.zst", Packed.plain(Fixture.bytes("micro/q1_0.gguf")))
    }
  ) { (folder, output) in
    try await Packing(folder("in"), .unpack).run(to: output, budget: RunBudget(width: 1))
  }
}

extension TemporaryFolder {
  /// A copy of a fixture, file or directory.
  func copyFixture(_ fixture: String, as name: String) throws {
    if try SystemCalls.status(Fixture.path(fixture))?.isDirectory == true {
      _ = try copy(fixture, as: name)
    } else {
      try write(name, Fixture.bytes(fixture))
    }
  }

  /// The bytes of a file, or of all files in a directory, by name; `nil` where nothing is.
  func tree(_ name: String) throws -> [String: [UInt8]]? {
    guard let status = try SystemCalls.linkStatus(self(name)) else { return nil }
    guard status.isDirectory else { return ["": try bytes(name)] }
    var files: [String: [UInt8]] = [:]
    for inner in try SystemCalls.list(self(name)) { files[inner] = try bytes("\(name)/\(inner)") }
    return files
  }
}
