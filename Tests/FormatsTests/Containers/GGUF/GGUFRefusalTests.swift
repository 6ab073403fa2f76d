import Testing

@testable import Formats

/// One broken file for every message; Specs/gguf.md §11.
@Suite struct GGUFRefusalTests {
  @Test func beginnings() throws {
    #expect(refusal([])?.code == .truncated)
    #expect(refusal(Array("GGUF".utf8))?.code == .truncated)
    var builder = GGUFBuilder()
    builder.magic = "FUGG"
    expect(builder, .malformed, "begins with 'FUGG', needed 'GGUF'")
    builder.magic = "GGUF"
    builder.version = 0
    expect(builder, .malformed, "the version is 0, needed 2 or 3")
    builder.version = 1
    expect(builder, .unsupported, "GGUF version 1 (32-bit counts, 2023) is not read, only 2 and 3")
    for (version, shown) in [(4, 4), (0x0001_0000, 256), (0x0100_0000, 1)] as [(UInt32, UInt32)] {
      builder.version = version
      #expect(refusal(builder)?.code == .unsupported)
      #expect(refusal(builder)?.message.contains("version \(shown) ") == true)
    }
  }

  @Test func counts() {
    var builder = GGUFBuilder()
    builder.tensorCount = .max
    expect(
      builder, .truncated,
      "18446744073709551615 tensors need at least 24 bytes each, 16 bytes are left")
    builder.tensorCount = nil
    builder.keyCount = .max
    expect(
      builder, .truncated,
      "18446744073709551615 metadata keys need at least 13 bytes each, 8 bytes are left")
    builder.keyCount = (1 << 20) + 1
    builder.data = [UInt8](repeating: 0, count: 14 << 20)
    expect(
      builder, .limit,
      "there are 1048577 metadata keys, the limit is 1048576: --limit gguf-keys=N raises it")
    builder.keyCount = nil
    builder.tensorCount = (1 << 20) + 1
    builder.data = [UInt8](repeating: 0, count: 25 << 20)
    expect(
      builder, .limit,
      "there are 1048577 tensors, the limit is 1048576: --limit gguf-tensors=N raises it")
  }

  @Test func keys() {
    expect(.malformed, "metadata key 0 is empty") { $0.add("", uint32: 1) }
    expect(.malformed, "metadata key 0 is not UTF-8") { $0.add(key: [0xC3, 0x28], 0, [1]) }
    expect(.malformed, "metadata key 'a' is there for the second time") {
      $0.add("a", uint32: 1)
      $0.add("a", uint32: 2)
    }
    expect(
      .limit,
      "metadata key 0 has 65536 bytes, the limit is 65535: --limit gguf-key-length=N raises it"
    ) {
      $0.add(key: [UInt8](repeating: 97, count: 65_536), 0, [1])
    }
    expect(.truncated, "metadata key 0 needs 18446744073709551615 bytes, 24 are left") {
      $0.isPadded = false
      $0.add(raw: $0.encoded(UInt64.max) + [UInt8](repeating: 1, count: 24))
    }
    expect(.malformed, "metadata key 'a' has value type 13, there are 0 to 12") {
      $0.add("a", 13, [1])
    }
  }

  /// Two spellings of one text in Unicode are two keys: bytes count.
  @Test func keysAreComparedByBytes() throws {
    var builder = GGUFBuilder()
    builder.add("caf\u{E9}", uint32: 1)
    builder.add("cafe\u{301}", uint32: 2)
    let file = try builder.open()
    #expect(try file.metadata.integer("caf\u{E9}") == 1)
    #expect(try file.metadata.integer("cafe\u{301}") == 2)
  }

  @Test func values() {
    expect(.malformed, "metadata key 'a' is a bool of value 2, needed 0 or 1") {
      $0.add("a", 7, [2])
    }
    expect(.malformed, "metadata key 'a' is a bool of value 3, needed 0 or 1") {
      $0.add("a", 9, $0.array(7, 2, [1, 3]))
    }
    expect(.truncated, "the string of metadata key 'a' needs 1000 bytes, 19 are left") {
      $0.add("a", 8, $0.encoded(UInt64(1000)))
    }
    expect(.malformed, "the array of metadata key 'a' has value type 99, there are 0 to 12") {
      $0.add("a", 9, $0.array(99, 0, []))
    }
    expect(
      .truncated,
      "the array of metadata key 'a' with 4611686018427387905 elements needs "
        + "18446744073709551615 bytes, 15 are left"
    ) { $0.add("a", 9, $0.array(4, 1 << 62 | 1, [])) }
    expect(
      .truncated, "the array of metadata key 'a' with 100 elements needs 800 bytes, 15 are left"
    ) { $0.add("a", 9, $0.array(8, 100, [])) }
    expect(.truncated, "a string in the array of metadata key 'a' needs 99 bytes, 7 are left") {
      $0.add("a", 9, $0.array(8, 1, $0.encoded(UInt64(99))))
    }
    expect(
      .limit,
      "metadata key 'a' is an array 5 deep, the limit is 4: --limit gguf-array-depth=N raises it"
    ) {
      var value = $0.array(0, 1, [1])
      for _ in 0..<4 { value = $0.array(9, 1, value) }
      $0.add("a", 9, value)
    }
  }

  @Test func alignments() {
    expect(.malformed, "'general.alignment' is 13, needed a power of two") {
      $0.add("general.alignment", uint32: 13)
    }
    expect(.malformed, "'general.alignment' is 0, needed a power of two") {
      $0.add("general.alignment", uint32: 0)
    }
    expect(.malformed, "'general.alignment' must be a 32-bit unsigned integer, is the int32 32") {
      $0.add("general.alignment", 5, $0.encoded(Int32(32)))
    }
    expect(
      .limit,
      "'general.alignment' is 131072, the limit is 65536: --limit gguf-alignment=N raises it"
    ) {
      $0.add("general.alignment", uint32: 1 << 17)
    }
  }

  @Test func tensorInfos() {
    expect(
      .limit,
      "the name of tensor 0 has 65 bytes, the limit is 64: --limit gguf-name-length=N raises it"
    ) {
      $0.add(tensor: String(repeating: "n", count: 65), [1], 0, bytes: 4)
    }
    expect(.malformed, "the name of tensor 0 is not UTF-8") {
      $0.add(tensor: "", [1], 0, bytes: 4)
      $0.infos[0].name = [0xFF]
    }
    expect(.malformed, "there are two tensors of this name", tensor: "t") {
      $0.add(tensor: "t", [1], 0, bytes: 4)
      $0.add(tensor: "t", [1], 0, bytes: 4)
    }
    expect(
      .limit, "there are 5 dimensions, the limit is 4: --limit gguf-rank=N raises it", tensor: "t"
    ) {
      $0.add(tensor: "t", [1, 1, 1, 1, 1], 0, bytes: 4)
    }
    expect(.malformed, "a dimension is -1, needed 0 or more", tensor: "t") {
      $0.add(tensor: "t", [-1], 0, bytes: 4)
    }
    expect(.malformed, "the number of elements overflows 64 bits", tensor: "t") {
      $0.add(tensor: "t", [1 << 32, 1 << 32], 77, bytes: 4)
    }
    expect(.malformed, "the tensor's size in bytes overflows 64 bits", tensor: "t") {
      $0.add(tensor: "t", [1 << 61, 1], 0, bytes: 4)
    }
    expect(
      .malformed, "rows of 64 elements are no whole number of Q1_0 blocks of 128", tensor: "t"
    ) { $0.add(tensor: "t", [64, 2], 41, bytes: 18) }
    expect(.malformed, "the data offset 8 is no multiple of the alignment 32", tensor: "t") {
      $0.add(tensor: "t", [1], 0, bytes: 4)
      $0.infos[0].offset = 8
    }
  }

  @Test func extents() {
    expect(
      .truncated, "needed bytes up to 100, the file has 99: 1 are missing", tensor: "t"
    ) {
      $0.add(tensor: "t", [9], 0, bytes: 36)
      $0.data.removeLast($0.data.count - 35)
    }
    expect(
      .truncated, "needed bytes up to 128, the file has 96: 32 are missing", tensor: "t"
    ) {
      $0.add(tensor: "t", [8], 0, bytes: 32)
      $0.infos[0].offset = 64
    }
    expect(.malformed, "begins within tensor 'a', which ends at 132", tensor: "b") {
      $0.add(tensor: "a", [9], 0, bytes: 36)
      $0.add(tensor: "b", [8], 0, bytes: 32)
      $0.infos[1].offset = 32
    }
  }

  /// What bounds a header whose end nobody knows.
  @Test func streams() {
    let strings = streamRefusal(8) { $0.encoded(UInt64(1) << 27) }
    #expect(strings?.code == .limit)
    #expect(
      strings?.message
        == "the string of metadata key 'a' has 134217728 bytes, the limit is 67108864: --limit gguf-string=N raises it"
    )
    let counts: [(UInt32, UInt64, String)] = [
      (0, 1 << 39, "--limit gguf-header=N raises it"),
      (0, 1 << 41, "no option raises it beyond 1099511627776"),
      (8, 1 << 60, "no option raises it beyond 1099511627776"),
      (9, 1 << 63, "no option raises it beyond 1099511627776"),
    ]
    for (kind, count, advice) in counts {
      let arrays = streamRefusal(9) { $0.array(kind, count, []) }
      #expect(arrays?.code == .limit)
      #expect(arrays?.message.hasSuffix("the limit is 536870912: \(advice)") == true)
    }
    #expect(streamRefusal(9) { $0.array(8, 1 << 20, []) }?.code == .truncated)
  }

  private func streamRefusal(
    _ kind: UInt32, _ value: (GGUFBuilder) -> [UInt8]
  ) -> FormatError? {
    var builder = GGUFBuilder()
    builder.add("a", kind, value(builder))
    do {
      _ = try GGUFFile(Stream(builder.header))
      return nil
    } catch {
      return error
    }
  }

  /// What ggml refuses and this library reads; Specs/gguf.md §12.
  @Test func accepted() throws {
    var builder = GGUFBuilder()
    builder.version = 2
    builder.add(tensor: String(repeating: "n", count: 64), [9], 0, bytes: 36)
    builder.add(tensor: "", [], 1, bytes: 2)
    builder.data += [UInt8](repeating: 9, count: 64)
    builder.add(tensor: "after a hole", [4], 0, bytes: 16)
    builder.infos.reverse()
    builder.data.removeLast(16)
    let file = try builder.open()
    #expect(file.version == 2 && file.tensors.map(\.info.shape) == [[4], [], [9]])
    #expect(file.tensors.map { $0.info.range.lowerBound - file.dataOffset } == [160, 64, 0])
    #expect(file.tensors.map(\.info.range.count) == [16, 2, 36])
  }

  private func expect(
    _ code: FormatError.Code, _ message: String, tensor: String? = nil,
    _ sourceLocation: SourceLocation = #_sourceLocation, _ compose: (inout GGUFBuilder) -> Void
  ) {
    var builder = GGUFBuilder()
    compose(&builder)
    expect(builder, code, message, tensor: tensor, sourceLocation)
  }

  private func expect(
    _ builder: GGUFBuilder, _ code: FormatError.Code, _ message: String, tensor: String? = nil,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = refusal(builder)
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(error?.message == message, sourceLocation: sourceLocation)
    #expect(error?.location.tensor == tensor, sourceLocation: sourceLocation)
    #expect(error?.location.file == "memory", sourceLocation: sourceLocation)
  }
}
