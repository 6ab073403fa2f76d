import Testing

@testable import Formats

/// Limits: what the description says, what each of them bounds, how they are set; Specs/limits.md.
@Suite struct LimitsTests {
  @Test func theDescriptionHasEveryLimit() throws {
    let text = try Fixture.text("../../Specs/limits.md")
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map {
      $0.split(separator: "|").prefix(3).map { $0.filter { !" `,".contains($0) } }
    }
    let expected = Limit.allCases.map {
      [$0.rawValue, String($0.standard), String($0.ceiling)]
    }
    #expect(rows == expected)
  }

  @Test func parsing() throws {
    var limits = Limits()
    try limits.set(parsing: "gguf-header=1GiB")
    try limits.set(parsing: "files=7")
    #expect(limits[.ggufHeader] == 1 << 30 && limits[.files] == 7)
    #expect(limits[.ggufKeys] == Limit.ggufKeys.standard)
    for (text, said) in [
      ("files", "needed a limit such as gguf-header=1GiB, found 'files'"),
      ("a\u{1B}=1", "there is no limit 'a\\u{1b}', there are gguf-keys, "),
      ("files=", "needed a size such as 5GB, 512MiB or 1000000, found ''"),
      ("files=-1", "needed a size such as 5GB, 512MiB or 1000000, found '-1'"),
      ("json-depth=129", "the limit json-depth can be 128 at most, not 129"),
    ] {
      #expect(
        message { () throws(FormatError) in try limits.set(parsing: text) }?.hasPrefix(said)
          == true,
        "\(text)")
    }
  }

  @Test func valuesStayWithinTheCeilings() {
    var limits = Limits()
    for limit in Limit.allCases {
      #expect(limit.standard <= limit.ceiling)
      limits[limit] = .max
      #expect(limits[limit] == limit.ceiling)
      limits[limit] = -1
      #expect(limits[limit] == 0)
    }
  }

  /// Each limit reaches the reader that it bounds, from wherever a model is opened.
  @Test func eachLimitBounds() async throws {
    let inputs = try await LimitedInputs()
    #expect(inputs.errors(.standard) == [])
    // What a long front matter says is left out, and nothing is refused.
    for limit in Limit.allCases where limit != .frontMatter {
      var limits = Limits()
      limits[limit] = 0
      let errors = inputs.errors(limits)
      let named = errors.filter {
        $0.code == .limit && $0.message.hasSuffix(": --limit \(limit.rawValue)=N raises it")
      }
      #expect(!named.isEmpty, "\(limit) lowered to 0: \(errors)")
      // What a limit refuses is never said to be broken.
      #expect(named.count == errors.count, "\(limit) lowered to 0: \(errors)")
    }
  }

  @Test func raisedLimitsLetPass() throws {
    var builder = GGUFBuilder()
    var value = builder.array(0, 1, [1])
    for _ in 0..<4 { value = builder.array(9, 1, value) }
    builder.alignment = 1 << 17
    builder.add("deep", 9, value)
    builder.add("general.alignment", uint32: 1 << 17)
    builder.add(String(repeating: "k", count: 65_536), uint32: 1)
    builder.add(tensor: String(repeating: "n", count: 65), [1, 1, 1, 1, 1], 0, bytes: 4)
    var limits = Limits()
    for limit in [
      .ggufArrayDepth, .ggufAlignment, .ggufKeyLength, .ggufNameLength, .ggufRank,
    ] as [Limit] {
      let source = MemorySource(builder.bytes)
      #expect(throws: FormatError.self) { try GGUFFile(source, limits: limits) }
      limits[limit] = limit.standard * 2
    }
    #expect(
      try GGUFFile(MemorySource(builder.bytes), limits: limits).tensors[0].info.shape.count == 5)
  }
}

/// Inputs that meet every limit: opened, and planned where only that looks at the limit.
struct LimitedInputs {
  private let folder: TemporaryFolder
  private let split: String
  private let aligned: String
  private let packed: String

  init() async throws {
    folder = try TemporaryFolder()
    split = folder("split")
    try await convert(Fixture.path("micro/q1_0.gguf"), .gguf, to: split) {
      $0.split = GGUFSplitLimits(tensorCount: 9)
    }
    var edited = try EditedGGUF()
    edited.set([("general.alignment", .uint32(64)), ("nested", .array(GGUFArray([1 as Float])))])
    aligned = try edited.write(to: folder)
    packed = try folder.write(
      "packed.gguf.zst", await Packed.written(Fixture.bytes("micro/q1_0.gguf")))
  }

  /// What goes wrong with these limits.
  func errors(_ limits: Limits) -> [FormatError] {
    let gguf = Fixture.path("micro/q1_0.gguf")
    let probes: [() throws -> Void] =
      [gguf, split, aligned, packed].map { path in
        { _ = try Model(opening: path, limits: limits) }
      }
      + ["fp16", "awq", "mlx"].map { name in
        { _ = try Model(opening: Fixture.path("micro/\(name)"), limits: limits) }
      }
      + [
        { _ = try plan(gguf, .fp16, limits) },
        { _ = try plan(Fixture.path("micro/fp16"), .gguf, limits) },
        {
          let stream = StreamSource(
            PassingBytes(try Fixture.bytes("micro/q1_0.gguf")), limits: limits)
          _ = try Model(reading: stream, limits: limits)
        },
      ]
    return probes.compactMap { probe in
      do {
        try probe()
        return nil
      } catch {
        return error as? FormatError
      }
    }
  }

  private func plan(
    _ path: String, _ target: ConversionTarget, _ limits: Limits
  ) throws -> Conversion {
    try Conversion(of: Model(opening: path, limits: limits), to: target, options: .init())
  }
}
