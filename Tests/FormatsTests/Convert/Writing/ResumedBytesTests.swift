import Testing

@testable import Formats

/// A file that holds the right weights and is not what would be written is no finished file: what is
/// resumed is, byte for byte, what a run makes that nothing has interrupted.
@Suite("Finished files are compared byte for byte")
struct ResumedBytesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let hidden = ".out.bonsai-fmt-partial"

  /// Puts changed copies of all files with tensors where an interrupted run would have left them, and
  /// resumes.
  ///
  /// - Returns: The names of the files that were not written anew.
  private func kept(
    _ input: String, _ target: ConversionTarget,
    _ options: (inout ConversionOptions) -> Void = { _ in },
    _ change: (String, inout [UInt8]) throws -> Void
  ) async throws -> Set<String> {
    var wanted = ConversionOptions()
    wanted.writesModelCard = false
    options(&wanted)
    let conversion = try Conversion(of: Model(opening: input), to: target, options: wanted)
    try folder.makeFolder("whole")
    _ = try await conversion.run(to: folder("whole/out"))
    wanted.resumes = true
    try folder.makeFolder(Self.hidden)
    // A number of an inode may be given to another file at once.
    var found: [String: SystemCalls.Status] = [:]
    let resumed = try Conversion(of: Model(opening: input), to: target, options: wanted)
    for name in resumed.tensors.files.map({ resumed.name(of: $0, in: folder("out")) }) {
      var bytes = try folder.bytes("whole/out/\(name)")
      try change(name, &bytes)
      try folder.write("\(Self.hidden)/\(name)", bytes)
      found[name] = try SystemCalls.status(folder("\(Self.hidden)/\(name)"))
    }
    _ = try await resumed.run(to: folder("out"))
    #expect(try folder.differingFiles("whole/out", "out") == [])
    return Set(
      try found.filter { try SystemCalls.status(folder("out/\($0.key)")) == $0.value }.keys)
  }

  private func place(_ suffix: String, in bytes: [UInt8]) throws -> Int {
    let file = try SafetensorsFile(MemorySource(bytes))
    return try #require(file.tensors.first { $0.name.hasSuffix(suffix) }).range.lowerBound
  }

  /// A model with a group whose weights are all zero, which has more forms than one in any layout.
  private func modelWithZeros() throws -> String {
    var gguf = try EditedGGUF()
    gguf.edit("blk.0.ffn_up.weight") { $0.setScale(0, block: 0) }
    return try gguf.write(to: folder)
  }

  @Test func zerosWithASign() async throws {
    let kept = try await kept(modelWithZeros(), .fp16) { _, bytes in
      let place = try place("layers.0.mlp.up_proj.weight", in: bytes)
      #expect(bytes[place] == 0 && bytes[place + 1] & 0x7F == 0)
      bytes[place + 1] ^= 0x80
    }
    #expect(kept == [])
  }

  @Test func codesOfAScaleOfZero() async throws {
    let kept = try await kept(modelWithZeros(), .awq) { _, bytes in
      bytes[try place("layers.0.mlp.up_proj.qweight", in: bytes)] ^= 0x02
    }
    #expect(kept == [])
  }

  @Test func anotherFormOfAGroup() async throws {
    let kept = try await kept(Fixture.path("micro/q1_0.gguf"), .mlx) { _, bytes in
      // All signs turned over, with the scale negative and the bias as far on the other side.
      let codes = try place("layers.0.mlp.up_proj.weight", in: bytes)
      for byte in codes..<codes + 16 { bytes[byte] ^= 0xFF }
      for part in ["scales", "biases"] {
        bytes[try place("layers.0.mlp.up_proj.\(part)", in: bytes) + 1] ^= 0x80
      }
    }
    #expect(kept == [])
  }

  @Test func membersInAnotherOrder() async throws {
    let kept = try await kept(Fixture.path("micro/q1_0.gguf"), .fp16) { _, bytes in
      let (dtype, shape) = ("\"dtype\":\"F16\",", "\"shape\":[128],")
      let both = Array((dtype + shape).utf8)
      let range = try #require(bytes.firstRange(of: both))
      bytes.replaceSubrange(range, with: Array((shape + dtype).utf8))
    }
    #expect(kept == [])
  }

  /// Nothing reads what lies between tensors.
  @Test func padding() async throws {
    var gguf = try EditedGGUF()
    gguf.set([("general.alignment", .uint32(4096))])
    let input = try gguf.write(to: folder)
    let kept = try await kept(input, .gguf) {
      $0.split = GGUFSplitLimits(tensorCount: 10)
    } _: { name, bytes in
      guard name.contains("-00002-") else { return }
      let file = try GGUFFile(MemorySource(bytes))
      let ends = file.tensors.map(\.info.range.upperBound).sorted()
      let end = try #require(ends.first { $0 % 4096 != 0 && $0 < bytes.count })
      bytes[end] = 1
    }
    #expect(kept == ["out-00001-of-00003.gguf", "out-00003-of-00003.gguf"])
  }

  @Test(arguments: [-1, 1]) func anotherLength(by count: Int) async throws {
    let kept = try await kept(Fixture.path("micro/q1_0.gguf"), .fp16) { _, bytes in
      bytes = count < 0 ? bytes.dropLast() : bytes + [0]
    }
    #expect(kept == [])
  }

  @Test("What is no file is written anew")
  func noFile() async throws {
    try folder.makeFolder(Self.hidden)
    try folder.makeFolder("\(Self.hidden)/model.safetensors")
    var options = ConversionOptions()
    options.resumes = true
    let input = Fixture.path("micro/q1_0.gguf")
    _ = try await Conversion(of: Model(opening: input), to: .fp16, options: options)
      .run(to: folder("out"))
    #expect(try SystemCalls.linkStatus(folder("out/model.safetensors"))?.isDirectory == false)
  }

  @Test func anotherLevelOfCompression() async throws {
    let kept = try await kept(Fixture.path("micro/q1_0.gguf"), .fp16) {
      $0.shardByteCount = 300_000
      $0.compression = .zstd(level: 3)
    } _: { name, bytes in
      guard !name.contains("-00001-") else { return }
      let content = try SeekableTests.open(bytes).everything()
      bytes = try recompressed(content, level: 19)
    }
    #expect(kept.count == 1 && kept.first?.contains("-00001-") == true)
  }

  private func recompressed(_ content: [UInt8], level: Int) throws -> [UInt8] {
    var scratch: [UInt8] = []
    let frames = try stride(from: 0, to: content.count, by: 1 << 20).map { start in
      try Zstd.compress(
        Array(content[start..<min(start + 1 << 20, content.count)]), level: level,
        scratch: &scratch)
    }
    return Packed.seekable(
      frames,
      contents: frames.indices.map { min(1 << 20, content.count - $0 << 20) },
      checksums: frames.map { frame in
        frame.withBytes { $0.load($0.byteCount - 4, as: UInt32.self) }
      })
  }

  @Test("What is as it should be is kept", arguments: ConversionTarget.allCases, [true, false])
  func nothingChanged(target: ConversionTarget, isCompressed: Bool) async throws {
    let source = target == .awq ? "mlx" : "awq"
    let kept = try await kept(Fixture.path("micro/\(source)"), target) {
      $0.shardByteCount = 60_000
      if target.isGGUF { $0.split = GGUFSplitLimits(tensorCount: 10) }
      if isCompressed { $0.compression = .zstd(level: 3) }
    } _: { _, _ in
    }
    #expect(kept.count > 1)
  }
}
