import Foundation
import Testing

@testable import Formats

@Suite("Directories of zstd files without seek tables")
struct PassingShardTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// An FP16 model in several shards, and its copy with those packed that are to be.
  private func writeShards(
    packing isPacked: (Int) -> Bool = { _ in true },
    _ pack: ([UInt8]) -> [UInt8] = Packed.silent
  ) async throws -> (plain: String, packed: String, shards: [String]) {
    // A GGUF takes the name of the directory.
    for name in ["plain", "packed", "packed/m"] { try folder.makeFolder(name) }
    try await convert(Fixture.path("micro/q1_0.gguf"), .fp16, to: folder("plain/m")) {
      $0.shardByteCount = 200_000
    }
    var shards: [String] = []
    for name in try SystemCalls.list(folder("plain/m")).sorted() {
      let bytes = try folder.bytes("plain/m/\(name)")
      let isShard = name.hasSuffix(".safetensors")
      if isShard { shards.append(name) }
      let packs = isShard && isPacked(shards.count - 1)
      try folder.write("packed/m/\(name)" + (packs ? ".zst" : ""), packs ? pack(bytes) : bytes)
    }
    #expect(shards.count > 3)
    return (folder("plain/m"), folder("packed/m"), shards)
  }

  private func checkSame(_ plain: String, _ packed: String, _ target: ConversionTarget) async throws
  {
    let (_, expected) = try await convert(plain, target, to: folder("of-plain")) {
      $0.writesModelCard = false
    }
    let (_, report) = try await convert(packed, target, to: folder("of-packed")) {
      $0.writesModelCard = false
    }
    #expect(try folder.differingFiles("of-plain", "of-packed") == [])
    #expect(report.isProven)
    #expect(report.fingerprint == expected.fingerprint)
  }

  @Test("The same as from plain shards", arguments: ConversionTarget.allCases)
  func sameAsPlain(target: ConversionTarget) async throws {
    let (plain, packed, _) = try await writeShards()
    try await checkSame(plain, packed, target)
  }

  @Test("Shards that can be read anywhere lie between", arguments: [ConversionTarget.awq, .gguf])
  func mixed(target: ConversionTarget) async throws {
    let (plain, packed, _) = try await writeShards { $0 % 2 == 1 }
    try await checkSame(plain, packed, target)
  }

  @Test("Files of a split GGUF", arguments: ConversionTarget.allCases)
  func splitGGUF(target: ConversionTarget) async throws {
    try await checkSame(Fixture.path("micro/q1_0.gguf"), writePackedSplit(7), target)
  }

  @Test func splitGGUFToStandardOutput() async throws {
    let path = folder("out.gguf")
    let descriptor = try SystemCalls.open(path, O_WRONLY | O_CREAT | O_EXCL)
    defer { try? SystemCalls.close(descriptor, path: path) }
    let report = try await Conversion(of: Model(opening: writePackedSplit(7)), to: .gguf)
      .run(toDescriptor: descriptor, name: path)
    try await convert(Fixture.path("micro/q1_0.gguf"), .gguf, to: folder("plain.gguf"))
    #expect(try folder.bytes("out.gguf").hasSameBytes(as: folder.bytes("plain.gguf")))
    #expect(report.fingerprint != nil)
  }

  /// Also where nothing else of the file is wanted any more.
  @Test("Each file must end where it should", arguments: 0..<4)
  func ends(number: Int) async throws {
    let (_, packed, shards) = try await writeShards()
    let path = "packed/m/\(shards[number]).zst"
    let content = try folder.bytes("plain/m/\(shards[number])")
    for (bytes, code) in [
      (content.dropLast(1), FormatError.Code.truncated), (content + [0], .malformed),
    ] {
      try SystemCalls.removeTree(folder(path))
      try folder.write(path, Packed.plain(Array(bytes)))
      let error = await failure { try await convert(packed, .gguf, to: folder("out")) }
      #expect(error?.code == code)
      #expect(error?.location.file == folder(path))
      #expect(try !folder.names.contains { $0.contains("out") })
    }
  }

  @Test("What is written front to back does not wait for tensors", arguments: [true, false])
  func order(isCompressed: Bool) async throws {
    let (_, packed, _) = try await writeShards()
    var options = ConversionOptions()
    if isCompressed { options.compression = try Compression(parsing: "zstd") }
    let path = folder("out")
    let descriptor = try SystemCalls.open(path, O_WRONLY | O_CREAT | O_EXCL)
    defer { try? SystemCalls.close(descriptor, path: path) }
    let error = await failure { [options] in
      _ = try await Conversion(of: Model(opening: packed), to: .gguf, options: options)
        .run(toDescriptor: descriptor, name: path)
    }
    #expect(error?.message.hasPrefix("its tensors come in another order") == true)
    let way = isCompressed ? "pack what comes of it" : "write to a file with -o"
    #expect(error?.message.hasSuffix(way) == true)
    #expect(try folder.bytes("out").isEmpty)
  }

  @Test("Windows do not add up")
  func windows() async throws {
    let (_, packed, _) = try await writeShards(packing: { _ in true }) {
      Packed.streamed($0, windowLog: 24)
    }
    let model = try Model(opening: packed)
    let outline = try Conversion(of: model, to: .gguf).outline(to: folder("out"))
    #expect(outline.windowByteCount == 1 << 24)
  }

  /// A split model, each of its files packed without a seek table.
  private func writePackedSplit(_ tensorCount: Int) throws -> String {
    let gguf = try EditedGGUF()
    let tensors = gguf.tensors.map { tensor in
      let info = TensorInfo(
        name: tensor.name, type: tensor.type, shape: tensor.shape, range: 0..<tensor.bytes.count)
      return GGUFPlan.Tensor(GGUFTensor(info: info, typeID: tensor.typeID, meaning: .resolved))
    }
    let plan = try GGUFSplitPlan(
      metadata: gguf.metadata, tensors: tensors, limits: .init(tensorCount: tensorCount))
    let name = GGUFSplitName(prefix: folder("m"), index: 0, count: plan.shards.count)
    for (shard, path) in zip(plan.shards, name.siblings) {
      var bytes =
        shard.header + [UInt8](repeating: 0, count: shard.fileByteCount - shard.header.count)
      for place in shard.placements {
        let tensor = gguf.tensors.first { $0.name == place.name }
        bytes.replaceSubrange(place.range, with: tensor?.bytes ?? [])
      }
      try folder.write(Paths.name(of: path) + ".zst", Packed.plain(bytes))
    }
    return name.path + ".zst"
  }
}
