@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Something that reads an input to the end.
struct ChangedInputScenario: Sendable, CustomStringConvertible {
  var description: String
  /// Puts the input, `in`, into a folder.
  let setUp: @Sendable (TemporaryFolder) async throws -> Void
  /// The file of it that changes.
  var file = "in"
  /// Whether it is a document, which is read whole and looked at by its path.
  var isDocument: Bool { file != "in" && !file.hasSuffix(".safetensors") }
  /// What of earlier runs is put there each time.
  var leftover: (@Sendable (TemporaryFolder) async throws -> Void)?
  /// Reads it, writes `out` or says what was found.
  let run: @Sendable (TemporaryFolder) async throws -> String

  static let all: [ChangedInputScenario] =
    [
      conversion("q1_0.gguf", to: .awq), conversion("q1_0.gguf", to: .mlx),
      conversion("q1_0.gguf", to: .fp16), conversion("q1_0.gguf", to: .ggufF16),
      conversion("fp16", to: .gguf), conversion("awq", to: .gguf), conversion("mlx", to: .awq),
      conversion("fp16", to: .mlx) { $0.compression = try? Compression(parsing: "zstd:1") },
      conversion("f16.gguf", to: .gguf) { $0.verifies = false },
      resuming, packing("q1_0.gguf", .pack(level: 1)), packing("mlx", .pack(level: 1)), unpacking,
    ] + reading + documents

  /// They make nothing.
  static let reading = [
    standardOutput, fingerprint, difference, validation, scan, inspection,
  ]

  /// What changes is what goes with the weights.
  private static let documents: [ChangedInputScenario] =
    ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"].map {
      conversion("fp16", to: .gguf).changing($0)
    }
    + ["config.json", "tokenizer.json", "vocab.json", "merges.txt"].map {
      conversion("awq", to: .mlx).changing($0)
    }
    + ["model.safetensors.index.json", "config.json"].map {
      conversion("mlx", to: .awq).changing($0)
    }
    + [validation, inspection, fingerprint].map { $0.changing("config.json") }
    + [validation, standardOutput].map { $0.changing("tokenizer.json") } + [withTokenizer]

  private func changing(_ name: String) -> ChangedInputScenario {
    var scenario = self
    scenario.file = "in/\(name)"
    scenario.description += ", \(name)"
    return scenario
  }
}

extension ChangedInputScenario {
  private static func conversion(
    _ fixture: String, to target: ConversionTarget,
    _ change: @escaping @Sendable (inout ConversionOptions) -> Void = { _ in }
  ) -> ChangedInputScenario {
    ChangedInputScenario(
      description: "\(fixture) to \(target)",
      setUp: { try $0.copyFixture("micro/\(fixture)", as: "in") }, file: file(of: fixture)
    ) { folder in
      let conversion = try Conversion(
        of: Model(opening: folder("in")), to: target, options: options(change))
      _ = try await conversion.run(to: folder("out"))
      return ""
    }
  }

  private static func file(of fixture: String) -> String {
    fixture.hasSuffix("gguf") ? "in" : "in/model.safetensors"
  }

  private static func options(
    _ change: (inout ConversionOptions) -> Void = { _ in }
  ) -> ConversionOptions {
    var options = ConversionOptions()
    options.budget.width = 1
    change(&options)
    return options
  }

  /// An earlier run has left two of its files.
  private static let resuming: ChangedInputScenario = {
    let resumed: @Sendable (inout ConversionOptions) -> Void = {
      $0.resumes = true
      $0.shardByteCount = 200_000
    }
    var scenario = conversion("q1_0.gguf", to: .awq, resumed)
    scenario.leftover = { folder in
      try await convert(Fixture.path("micro/q1_0.gguf"), .awq, to: folder("whole"), resumed)
      try folder.makeFolder(".out.bonsai-fmt-partial")
      let names = try SystemCalls.list(folder("whole"))
      for name in names.filter({ $0.hasSuffix(".safetensors") }).prefix(2) {
        try folder.write(".out.bonsai-fmt-partial/\(name)", folder.bytes("whole/\(name)"))
      }
      try SystemCalls.removeTree(folder("whole"))
    }
    return scenario
  }()

  static let standardOutput = ChangedInputScenario(
    description: "a GGUF to standard output",
    setUp: { try $0.copyFixture("micro/awq", as: "in") }, file: "in/model.safetensors"
  ) { folder in
    let file = open(folder("stream"), O_CREAT | O_TRUNC | O_WRONLY, 0o600)
    defer { _ = close(file) }
    let conversion = try Conversion(
      of: Model(opening: folder("in")), to: .gguf, options: options())
    _ = try await conversion.run(toDescriptor: file, name: "stream")
    // Whoever looks at it has other calls.
    return try CallInterception.$current.withValue(nil) {
      Digest(of: try folder.bytes("stream")).hex
    }
  }

  private static let withTokenizer = ChangedInputScenario(
    description: "a tokenizer of its own",
    setUp: {
      try $0.copyFixture("micro/q1_0.gguf", as: "in")
      try $0.copyFixture("micro/fp16", as: "tokenizer")
    }, file: "tokenizer/tokenizer.json"
  ) { folder in
    let options = options { $0.tokenizerDirectory = folder("tokenizer") }
    let conversion = try Conversion(of: Model(opening: folder("in")), to: .awq, options: options)
    _ = try await conversion.run(to: folder("out"))
    return ""
  }

  private static func reading(
    _ name: String, _ run: @escaping @Sendable (String) async throws -> String
  ) -> ChangedInputScenario {
    ChangedInputScenario(
      description: name, setUp: { try $0.copyFixture("micro/fp16", as: "in") },
      file: "in/model.safetensors"
    ) { try await run($0("in")) }
  }

  private static let fingerprint = reading("a fingerprint") {
    try await Model(opening: $0).fingerprint(budget: options().budget).description
  }

  private static let difference = reading("a difference") {
    let other = try Model(opening: Fixture.path("micro-tied-edge/q1_0.gguf"))
    let found = try await ModelDifference(other, Model(opening: $0), budget: options().budget)
    return "\(found.structure) \(try found.weights.get().differences)"
  }

  private static let validation = reading("a validation") {
    var chosen = Validation.Options()
    chosen.budget = options().budget
    let found = try await Validation(of: $0, chosen)
    return "\(found.findings.map(\.error.description)) \(found.failure?.description ?? "")"
  }

  private static let scan = reading("a scan") {
    let conversion = try Conversion(of: Model(opening: $0), to: .awq, options: options())
    return "\(try await conversion.scan())"
  }

  private static let inspection = reading("an inspection") {
    "\(try Inspection(Model(opening: $0)).tensors.count)"
  }

  private static func packing(
    _ fixture: String, _ direction: Packing.Direction
  ) -> ChangedInputScenario {
    ChangedInputScenario(
      description: "packing \(fixture)",
      setUp: { try $0.copyFixture("micro/\(fixture)", as: "in") }, file: file(of: fixture)
    ) { folder in
      try await Packing(folder("in"), direction).run(to: folder("out"), budget: options().budget)
      return ""
    }
  }

  private static let unpacking = ChangedInputScenario(
    description: "unpacking",
    setUp: { try await $0.write("in", Packed.written(Fixture.bytes("micro/q1_0.gguf"))) }
  ) { folder in
    try await Packing(folder("in"), .unpack).run(to: folder("out"), budget: options().budget)
    return ""
  }
}
