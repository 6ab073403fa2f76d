@testable import Formats

// GGUF headers: each fault in files of both versions and both byte orders, and behind other keys.
extension HostileCorpus {
  private static let hosts: [(name: String, prepare: @Sendable (inout GGUFBuilder) -> Void)] = [
    ("version 3", { _ in }),
    ("version 2", { $0.version = 2 }),
    ("big-endian", { $0.isBigEndian = true }),
    (
      "behind others",
      {
        $0.add("first", uint32: 7)
        $0.add("second", 9, $0.array(8, 2, $0.encoded("a") + $0.encoded("bc")))
      }
    ),
  ]

  private static func bad(
    _ code: FormatError.Code, _ said: String, _ compose: (inout GGUFBuilder) -> Void
  ) -> [HostileCase] {
    hosts.map { host in
      var builder = GGUFBuilder()
      host.prepare(&builder)
      compose(&builder)
      return HostileCase("GGUF \(host.name)", code, said, file: builder.bytes)
    }
  }

  static let ggufFiles =
    ggufCounts + ggufKeys + ggufValues + ggufLimits + ggufTensors + ggufData + handcrafted

  private static let ggufCounts =
    bad(.malformed, "the version is 0") { $0.version = 0 }
    + bad(.unsupported, "GGUF version 1 (32-bit counts, 2023)") { $0.version = 1 }
    + bad(.unsupported, "GGUF version 4 is not known") { $0.version = 4 }
    + bad(.truncated, "tensors need at least 24 bytes each") { $0.tensorCount = .max }
    + bad(.truncated, "metadata keys need at least 13 bytes each") { $0.keyCount = 1 << 40 }
    + bad(.limit, "metadata keys, the limit is 1048576: --limit gguf-keys=N raises it") {
      $0.keyCount = 1 << 20 + 1
      $0.data = [UInt8](repeating: 0, count: 14 << 20)
    }
    + bad(.limit, "tensors, the limit is 1048576: --limit gguf-tensors=N raises it") {
      $0.tensorCount = 1 << 20 + 1
      $0.data = [UInt8](repeating: 0, count: 25 << 20)
    }

  private static let ggufKeys =
    bad(.malformed, "is empty") { $0.add("", uint32: 1) }
    + bad(.malformed, "is not UTF-8") { $0.add(key: [0xC3, 0x28], 0, [1]) }
    + bad(.malformed, "metadata key 'twice' is there for the second time") {
      $0.add("twice", uint32: 1)
      $0.add("twice", 0, [1])
    }
    + bad(.truncated, " needs 18446744073709551615 bytes, ") {
      $0.add(raw: $0.encoded(UInt64.max) + [UInt8](repeating: 0, count: 64))
    }
    + bad(.malformed, "has value type 13, there are 0 to 12") { $0.add("a", 13, [1]) }

  private static let ggufValues =
    bad(.malformed, "is a bool of value 2, needed 0 or 1") { $0.add("a", 7, [2]) }
    + bad(.malformed, "is a bool of value 255") { $0.add("a", 9, $0.array(7, 2, [1, 255])) }
    + bad(.malformed, "the array of metadata key 'a' has value type 99") {
      $0.add("a", 9, $0.array(99, 0, []))
    }
    + bad(.truncated, "elements needs 18446744073709551615 bytes") {
      $0.add("a", 9, $0.array(4, 1 << 62 | 1, []))
    }
    + bad(.truncated, "a string in the array of metadata key 'a' needs 4611686018427387904") {
      $0.add("a", 9, $0.array(8, 1, $0.encoded(UInt64(1) << 62)))
    }
    + bad(.malformed, "must be a 32-bit unsigned integer") {
      $0.add("general.alignment", 10, $0.encoded(UInt64(32)))
    }
    + bad(.malformed, "'general.alignment' is 0, needed a power of two") {
      $0.add("general.alignment", uint32: 0)
    }
    + bad(.malformed, "'split.count' must be an integer") { $0.add("split.count", 7, [1]) }
    + bad(.malformed, "one of 2 files must be named") { $0.add("split.count", uint32: 2) }

  private static let ggufLimits =
    bad(.limit, "has 65536 bytes, the limit is 65535: --limit gguf-key-length=N raises it") {
      $0.add(key: [UInt8](repeating: 97, count: 65_536), 0, [1])
    }
    + bad(.limit, "is an array 5 deep, the limit is 4: --limit gguf-array-depth=N raises it") {
      var value = $0.array(0, 1, [1])
      for _ in 0..<4 { value = $0.array(9, 1, value) }
      $0.add("a", 9, value)
    }
    + bad(.limit, "is 131072, the limit is 65536: --limit gguf-alignment=N raises it") {
      $0.add("general.alignment", uint32: 1 << 17)
    }
    + bad(.limit, "has 65 bytes, the limit is 64: --limit gguf-name-length=N raises it") {
      $0.add(tensor: String(repeating: "a", count: 65), [32], 0, bytes: 128)
    }
    + bad(.limit, "there are 5 dimensions, the limit is 4: --limit gguf-rank=N raises it") {
      $0.add(tensor: "t", [2, 1, 1, 1, 1], 0, bytes: 8)
    }
    + bad(.limit, "files, the limit is 10000: --limit files=N raises it") {
      $0.add("split.count", uint32: 10_001)
    }

  private static let ggufTensors =
    bad(.malformed, "there are two tensors of this name") {
      for _ in 0..<2 { $0.add(tensor: "t", [8], 0, bytes: 32) }
    }
    + bad(.malformed, "is not UTF-8") {
      $0.add(tensor: "t", [8], 0, bytes: 32)
      $0.infos[0].name = [0xFF, 0xFE]
    }
    + bad(.malformed, "a dimension is -1, needed 0 or more") {
      $0.add(tensor: "t", [8, -1], 0, bytes: 32)
    }
    + bad(.malformed, "the number of elements overflows 64 bits") {
      $0.add(tensor: "t", [1 << 32, 1 << 32], 0, bytes: 32)
    }
    + bad(.malformed, "is no multiple of the alignment 32") {
      $0.add(tensor: "t", [8], 0, bytes: 32)
      $0.infos[0].offset = 4
    }
    + bad(.malformed, "rows of 100 elements are no whole number of Q1_0 blocks of 128") {
      $0.add(tensor: "t", [100], 41, bytes: 32)
    }

  private static let ggufData =
    bad(.truncated, "4 are missing") {
      $0.add(tensor: "t", [9], 0, bytes: 32)
    }
    + bad(.truncated, "are missing") {
      $0.add(tensor: "t", [8], 0, bytes: 32)
      $0.infos[0].offset = 1 << 50
    }
    + bad(.malformed, "begins within tensor 'one', which ends at") {
      $0.add(tensor: "one", [16], 0, bytes: 64)
      $0.add(tensor: "two", [8], 0, bytes: 32)
      $0.infos[1].offset = 32
    }
    + bad(.malformed, "overflows 64 bits") {
      $0.add(tensor: "t", [1 << 61, 1], 28, bytes: 32)
    }

  /// ggml's own cases, those that it refuses.
  private static let handcrafted: [HostileCase] =
    (GGMLHandcraftedTests.headers
    + GGMLHandcraftedTests.keys + GGMLHandcraftedTests.tensors + GGMLHandcraftedTests.data)
    .filter { !$0.isAccepted }.compactMap { example in
      guard let error = refusal(example.bytes), !example.testDescription.contains("MAGIC") else {
        return nil
      }
      return HostileCase(
        "ggml \(example.testDescription)", error.code, error.message, file: example.bytes)
    }
}
