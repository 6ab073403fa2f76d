import Testing

@testable import Formats

/// Files damaged at every byte: validation never traps, and finds something just where opening ends
/// with an error.
@Suite("Validation of damaged files")
struct ValidationSweepTests {
  @Test(arguments: [false, true])
  func everyByteOfAGGUF(isBigEndian: Bool) async throws {
    let bytes = GGUFSweepTests.everything(isBigEndian: isBigEndian)
    for offset in 0..<(try GGUFFile(MemorySource(bytes)).dataOffset) {
      for damaged in Self.damages(bytes, at: offset) { try await check(damaged, gguf) }
    }
    for count in stride(from: 0, to: bytes.count, by: 7) {
      try await check(Array(bytes[..<count]), gguf)
    }
  }

  @Test(arguments: ["micro/awq", "micro/mlx"])
  func theHeaderOfADirectory(_ fixture: String) async throws {
    let bytes = try Fixture.bytes(fixture + "/model.safetensors")
    let directory = Fixture.path(fixture)
    let header = try SafetensorsFile(MemorySource(bytes)).dataOffset
    let open = { (source: any ByteSource, findings: inout Findings) throws(FormatError) -> Model in
      try Model(
        safetensors: source, configDirectory: directory, .standard, &findings)
    }
    for offset in stride(from: 0, to: header, by: 61) {
      for damaged in Self.damages(bytes, at: offset) { try await check(damaged, open) }
    }
    for count in stride(from: 0, to: bytes.count, by: 4099) {
      try await check(Array(bytes[..<count]), open)
    }
  }

  @Test(arguments: ["f", "[1]", "[4611686018427387904,4]", "[4611686018427387904,4,0]"])
  func shapesThatOverflow(_ shape: String) async throws {
    for type in ["F16", "F12", "F4"] {
      let header = #"{"a":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,2]}}"#
      try await check(file(header)) { (source, findings) throws(FormatError) in
        try Model(safetensors: source, configDirectory: nil, .standard, &findings)
      }
    }
  }

  private func file(_ header: String) -> [UInt8] { safetensors(header, dataByteCount: 2) }

  private var gguf: Opening {
    { (source, findings) throws(FormatError) in
      let file = try GGUFFile(source, limits: .standard, &findings)
      return Model(try GGUFSplit([file]), path: source.name, .standard)
    }
  }

  private typealias Opening = (any ByteSource, inout Findings) throws(FormatError) -> Model

  private static func damages(_ bytes: [UInt8], at offset: Int) -> [[UInt8]] {
    let byte = bytes[offset]
    return [0, 0xFF, byte ^ 1, byte ^ 0x80].filter { $0 != byte }.map {
      var copy = bytes
      copy[offset] = $0
      return copy
    }
  }

  private func check(_ bytes: [UInt8], _ open: Opening) async throws {
    let source = MemorySource(bytes, name: "f")
    var findings = Findings.collecting
    var model: Model?
    let time = computing {
      do throws(FormatError) {
        model = try open(source, &findings)
      } catch {
        findings.close(error, rule: .ofHeader(error))
      }
    }
    #expect(time < .seconds(1))
    let found = findings.all.map(\.rule.id)
    var strict = Findings.strict
    let sentence = message { () throws(FormatError) in _ = try open(source, &strict) }
    #expect((sentence == nil) == found.isEmpty, "\(found), \(sentence ?? "opened")")
    guard let model else { return }
    var options = Validation.Options()
    options.profiles = Profile.allCases
    options.budget.width = 1
    // The weights are counted on several threads; SweepBudgetTests holds them too.
    let checking = try computing { try Validation.checkHeaders(of: model, options, &findings) }
    #expect(checking < .seconds(1))
    try await WeightScan(model: model, budget: options.budget).run(&findings)
    for finding in findings.all { #expect(Rule.named(finding.rule.id) != nil) }
  }
}
