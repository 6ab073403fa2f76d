import Testing

@testable import Formats

/// Small files cut at every byte and damaged at every byte of their headers: an error or a reading,
/// never a trap. `GGUFSweepTests` does the same with the arrays within.
@Suite struct SweepTests {
  /// A small file of each kind, and what reads it to the end.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    /// How much of it is header.
    let headerByteCount: Int
    let read: @Sendable ([UInt8]) throws(FormatError) -> Void
  }

  static let kinds: [Kind] = [
    Kind(
      testDescription: "safetensors", bytes: seed("safetensors/dense"), headerByteCount: .max,
      read: { (bytes) throws(FormatError) in _ = try SafetensorsFile(MemorySource(bytes)) }),
    Kind(
      testDescription: "index", bytes: seed("json/index"), headerByteCount: .max,
      read: { (bytes) throws(FormatError) in
        _ = try SafetensorsIndex(parsing: bytes, name: "index")
      }),
    Kind(
      testDescription: "config", bytes: seed("json/config"), headerByteCount: .max,
      read: { (bytes) throws(FormatError) in
        let json = try JSONValue(parsing: bytes, name: "config")
        _ = try? ModelConfig(config: json, tensors: [])
        _ = QuantizationConfig(json)
        var findings = Findings.strict
        try? QuantizationConfig.checkMembers(json, file: "config", .standard, &findings)
      }),
    Kind(
      testDescription: "tokenizer", bytes: seed("json/tokenizer"), headerByteCount: .max,
      read: { (bytes) throws(FormatError) in
        _ = try TokenizerDocument(bytes, vocabularySize: 300, file: "tokenizer.json")
      }),
    Kind(
      testDescription: "zstd with a seek table", bytes: seed("zstd/seekable"),
      headerByteCount: .max,
      read: { (bytes) throws(FormatError) in
        let source = try decompressed(MemorySource(bytes))
        guard source.access != .direct else { throw FormatError(.malformed, "no zstd file") }
        _ = try source.everything()
      }),
    Kind(
      testDescription: "GGUF, little-endian", bytes: seed("gguf/every-le"), headerByteCount: 1376,
      read: { (bytes) throws(FormatError) in _ = try GGUFFile(MemorySource(bytes)) }),
    Kind(
      testDescription: "GGUF, big-endian", bytes: seed("gguf/every-be"), headerByteCount: 1376,
      read: { (bytes) throws(FormatError) in _ = try GGUFFile(MemorySource(bytes)) }),
  ]

  private static func seed(_ name: String) -> [UInt8] {
    (try? Fixture.bytes("../Fuzz/corpus/" + name)) ?? []
  }

  @Test(arguments: kinds)
  func cuts(_ kind: Kind) throws {
    try kind.read(kind.bytes)
    // Spaces and padding at the end may be missing.
    let least = kind.testDescription == "config" ? kind.bytes.count - 1 : kind.bytes.count - 16
    // The ends of two frames: what is before is a file too, and shorter than its content's header says.
    let ends = kind.testDescription.hasPrefix("zstd") ? [37, 223] : []
    var slowest = Duration.zero
    for count in 0..<least where !ends.contains(count) {
      let time = computing {
        #expect(throws: FormatError.self, "cut to \(count) bytes") {
          try kind.read(Array(kind.bytes.prefix(count)))
        }
      }
      slowest = max(slowest, time)
    }
    #expect(slowest < .seconds(1))
  }

  /// Every byte of a header as 0x00 and 0xff, and with each of its bits flipped.
  @Test(arguments: kinds)
  func damage(_ kind: Kind) throws {
    var slowest = Duration.zero
    var refused = 0
    var bytes = kind.bytes
    for offset in 0..<min(bytes.count, kind.headerByteCount) {
      let byte = kind.bytes[offset]
      for value in [0, 0xFF] + (0..<8).map({ byte ^ 1 << $0 }) where value != byte {
        bytes[offset] = value
        let time = computing {
          do throws(FormatError) { try kind.read(bytes) } catch { refused += 1 }
        }
        slowest = max(slowest, time)
      }
      bytes[offset] = byte
    }
    #expect(refused > bytes.count / 2)
    // What this thread computes does not depend on what else the machine does.
    #expect(slowest < .seconds(1))
  }
}

/// Inputs that the fuzzers keep; Scripts/fuzz finds more.
@Suite struct KeptInputTests {
  @Test(arguments: FuzzTarget.allCases)
  func replay(_ target: FuzzTarget) throws {
    let folder = Fixture.folder + "/../Fuzz/corpus/" + target.rawValue
    let names = try SystemCalls.list(folder)
    #expect(names.count >= 5)
    for name in names {
      let source = try FileSource(path: folder + "/" + name)
      let fault = target.run(try source.bytes(0..<(source.byteCount ?? 0)))
      #expect(fault == nil, "\(target.rawValue)/\(name)")
    }
  }
}
