import Testing

@testable import Formats

@Suite("Validation")
struct ValidationTests {
  @Test(arguments: Provocation.all)
  func everyRuleIsFound(_ provocation: Provocation) async throws {
    let folder = try TemporaryFolder()
    var options = Validation.Options()
    options.profiles = [provocation.profile]
    let validation = try await Validation(of: provocation.make(folder), options)
    let ids = Set(validation.findings.map(\.rule.id))
    #expect(ids.contains(provocation.id), "found \(ids.sorted())")
    // What is found is in the table, and says something.
    for finding in validation.findings {
      #expect(Rule.named(finding.rule.id) == finding.rule)
      #expect(!finding.message.isEmpty)
      #expect(finding.location.file != nil)
    }
  }

  @Test func everyRuleIsProvoked() {
    let provoked = Set(Provocation.all.map(\.id))
    #expect(Rule.all.map(\.id).filter { !provoked.contains($0) } == [])
    #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
  }

  @Test func rulesSayWhatTheyMean() {
    for rule in Rule.all {
      #expect(!rule.title.hasSuffix("."), "\(rule.id)")
      for text in [rule.reason, rule.remedy] { #expect(text.hasSuffix("."), "\(rule.id)") }
      #expect(!rule.origin.isEmpty)
      #expect(rule.severity(for: Profile.allCases) != nil, "\(rule.id)")
      #expect(Rule.named(rule.id.lowercased()) == rule)
    }
  }

  /// Opening and validation say the same sentence.
  @Test(arguments: Provocation.all)
  func openingSaysTheSame(_ provocation: Provocation) async throws {
    let folder = try TemporaryFolder()
    let path = try provocation.make(folder)
    guard let sentence = message({ () throws(FormatError) in _ = try Model(opening: path) }) else {
      return
    }
    let validation = try await Validation(of: path)
    let found = validation.findings.map(\.description)
    // How much is missing altogether, rather than of the first tensor in the header.
    let isCut = ["FILE002", "GGUF019", "ST009"].contains(provocation.id)
    #expect(
      isCut || found.contains(sentence) || provocation.id == "IDX004", "\(sentence), \(found)")
  }

  @Test func aCutFileSaysHowMuchIsMissingAndFromWhere() async throws {
    let folder = try TemporaryFolder()
    let whole = try Fixture.bytes("micro/q1_0.gguf")
    let path = try folder.write("cut.gguf", Array(whole.prefix(60_000)))
    let validation = try await Validation(of: path)
    let finding = try #require(validation.findings.first)
    #expect(validation.findings.count == 1)
    #expect(validation.failure == nil)
    #expect(finding.rule == .ggufDataCut)
    #expect(finding.message.contains("\(whole.count - 60_000) are missing, from this tensor on"))
    #expect(finding.location.tensor == "blk.0.ffn_up.weight")
  }

  @Test func everythingIsFoundAtOnce() async throws {
    let folder = try TemporaryFolder()
    var builder = GGUFBuilder()
    builder.add("general.architecture", 8, builder.encoded("none"))
    builder.add("general.architecture", uint32: 1)
    builder.add("a.b", 7, [2])
    builder.add(tensor: "a", [8], 0, bytes: 32)
    builder.add(tensor: "a", [-1], 0, bytes: 32)
    builder.add(tensor: "c", [100], 41, bytes: 32)
    builder.data.removeLast(32)
    builder.data.removeLast(32)
    builder.data.removeLast(8)
    let validation = try await Validation(of: folder.write("model.gguf", builder.bytes))
    #expect(
      validation.findings.filter { $0.rule.severity(for: .spec) == .error }.map(\.rule.id)
        == ["GGUF004", "GGUF006", "GGUF011", "GGUF015", "GGUF017", "GGUF019"])
    #expect(validation.worst == .error)
  }

  @Test func ofOneRuleAHundredAreKeptAndAllCounted() async throws {
    let folder = try TemporaryFolder()
    var builder = GGUFBuilder()
    for _ in 0..<1000 { builder.add("a.b", uint32: 1) }
    let validation = try await Validation(of: folder.write("model.gguf", builder.bytes))
    #expect(validation.findings.count { $0.rule == .ggufRepeatedKey } == 100)
    #expect(validation.counts["GGUF004"] == 999)
  }

  /// A tensor that is repeated without end costs neither texts nor records.
  @Test func ofARepeatedTensorFewAreKept() async throws {
    var builder = GGUFBuilder()
    for _ in 0..<3000 { builder.infos.append(.init("a", [0], 0, at: 0)) }
    var findings = Findings.collecting
    let file = try GGUFFile(MemorySource(builder.bytes), limits: .standard, &findings)
    #expect(findings.counts["GGUF011"] == 2999)
    #expect(findings.all.count { $0.rule == .ggufRepeatedTensor } == 100)
    #expect(file.tensors.count == 101)
    var made = 0
    for _ in 0..<10 {
      try findings.report(.ggufRepeatedTensor) {
        made += 1
        return FormatError(.malformed, "a text")
      }
    }
    #expect(made == 0 && findings.counts["GGUF011"] == 3009)
  }

  /// A value that cannot be ends neither the reading of the header nor that of what follows.
  @Test(arguments: [
    (#""dtype":"U8","shape":[-2,-2],"data_offsets":[0,4]"#, "ST004"),
    (#""dtype":"U8","shape":[4.0],"data_offsets":[0,4]"#, "ST004"),
    (#""dtype":"U8","shape":[[4]],"data_offsets":[0,4]"#, "ST004"),
    (#""dtype":"U8","shape":{"a":[1]},"data_offsets":[0,4]"#, "ST004"),
    (#""dtype":8,"shape":[4],"data_offsets":[0,4]"#, "ST003"),
    (#""dtype":"U8","shape":[\#(sizes)],"data_offsets":[0,4]"#, "FILE003"),
    (#""dtype":"U8","shape":[4],"data_offsets":[-16,0]"#, "ST005"),
    (#""dtype":"U8","shape":[4],"data_offsets":[0,18446744073709551616]"#, "ST005"),
    (#""dtype":"U8","shape":[4],"data_offsets":null"#, "ST005"),
  ])
  func oneBadValue(entry: String, id: String) async throws {
    let folder = try TemporaryFolder()
    let bytes = safetensors(
      #"{"__metadata__":{"format":"pt","count":7},"a":{\#(entry)},"#
        + #""b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]},"c":1}"#, dataByteCount: 8)
    let validation = try await Validation(of: folder.write("model.safetensors", bytes))
    #expect(validation.failure == nil)
    let found = validation.findings.filter { $0.rule.id == id && $0.location.tensor == "a" }
    #expect(found.count == 1, "\(validation.findings.map(\.description))")
    // The number in the metadata, and the entry that is a number.
    #expect(validation.counts["ST001"] == 1)
    #expect(validation.findings.contains { $0.rule.id == "ST004" && $0.location.tensor == "c" })
    var findings = Findings.collecting
    let file = try SafetensorsFile(MemorySource(bytes), limits: .standard, &findings)
    #expect(file.tensors.map(\.name) == ["b"])
    #expect(file.metadata.entries.count == 1)
  }

  private static let sizes = Array(repeating: "1", count: 65).joined(separator: ",")

  @Test func nothingIsNothing() async throws {
    let error = await failure { _ = try await Validation(of: "no such thing") }
    #expect(error?.code == .notFound)
  }
}
