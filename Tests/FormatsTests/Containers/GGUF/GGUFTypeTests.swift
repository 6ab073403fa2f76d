import Testing

@testable import Formats

@Suite struct GGUFTypeTests {
  /// From the static assertions of ggml's block structures.
  static let sizes: [(UInt32, String, Int, Int)] = [
    (0, "F32", 1, 4), (1, "F16", 1, 2), (2, "Q4_0", 32, 18), (3, "Q4_1", 32, 20),
    (6, "Q5_0", 32, 22), (7, "Q5_1", 32, 24), (8, "Q8_0", 32, 34), (9, "Q8_1", 32, 36),
    (10, "Q2_K", 256, 84), (11, "Q3_K", 256, 110), (12, "Q4_K", 256, 144), (13, "Q5_K", 256, 176),
    (14, "Q6_K", 256, 210), (15, "Q8_K", 256, 292), (16, "IQ2_XXS", 256, 66),
    (17, "IQ2_XS", 256, 74), (18, "IQ3_XXS", 256, 98), (19, "IQ1_S", 256, 50),
    (20, "IQ4_NL", 32, 18), (21, "IQ3_S", 256, 110), (22, "IQ2_S", 256, 82),
    (23, "IQ4_XS", 256, 136), (24, "I8", 1, 1), (25, "I16", 1, 2), (26, "I32", 1, 4),
    (27, "I64", 1, 8), (28, "F64", 1, 8), (29, "IQ1_M", 256, 56), (30, "BF16", 1, 2),
    (34, "TQ1_0", 256, 54), (35, "TQ2_0", 256, 66), (39, "MXFP4", 32, 17), (40, "NVFP4", 64, 36),
    (41, "Q1_0", 128, 18), (42, "Q2_0", 64, 18), (142, "PQ2_0", 128, 34), (143, "PTQ1_0", 128, 28),
  ]

  @Test func tableHasEverySize() {
    for (id, name, block, bytes) in Self.sizes {
      let type = GGMLType.of(id)
      #expect(type?.name == name)
      #expect(
        type?.readings.first == StorageType(name, blockSize: block, blockByteCount: bytes))
    }
    let removed: [UInt32] = [4, 5, 31, 32, 33, 36, 37, 38]
    for id in removed { #expect(GGMLType.of(id)?.isRemoved == true) }
    #expect(GGMLType.all.count == Self.sizes.count + removed.count)
    #expect(Set(GGMLType.all.map(\.id)).count == GGMLType.all.count)
    #expect((0..<43).allSatisfy { GGMLType.of($0) != nil } && GGMLType.of(43) == nil)
    #expect(GGMLType.all.filter { $0.readings.count > 1 }.map(\.id) == [40, 42])
  }

  /// The two numbers of two meanings, each meaning in bytes per row of 256 weights.
  static let clashes: [(UInt32, String, Int)] = [
    (40, "NVFP4", 144), (40, "Q1_0_G32", 48), (42, "Q2_0", 72), (42, "Q2_0_G128", 68),
  ]

  @Test(arguments: clashes)
  func sizesDecide(_ id: UInt32, _ name: String, _ rowByteCount: Int) throws {
    // With padding after the last tensor, without it, with another tensor behind.
    for variant in 0..<3 {
      var builder = GGUFBuilder()
      builder.add(tensor: "a", [256, 8], id, bytes: rowByteCount * 8)
      builder.add(tensor: "b", [256, 9], id, bytes: rowByteCount * 9)
      if variant == 0 { builder.data.removeLast((32 - rowByteCount * 9 % 32) % 32) }
      if variant == 1 { builder.add(tensor: "norm", [4], 0, bytes: 16) }
      let file = try builder.open()
      for (tensor, rows) in zip(file.tensors, [8, 9]) {
        #expect(tensor.meaning == .resolved && tensor.info.type.name == name)
        #expect(tensor.info.range.count == rows * rowByteCount)
      }
    }
  }

  @Test func sizesThatFitBothAreAmbiguous() throws {
    var builder = GGUFBuilder()
    // 34 or 36 bytes: both fill 64 with their padding.
    builder.add(tensor: "small", [128], 42, bytes: 34)
    builder.add(tensor: "norm", [4], 0, bytes: 16)
    let file = try builder.open()
    let readings = try #require(GGMLType.of(42)).readings
    #expect(file.tensors[0].meaning == .ambiguous(readings))
    #expect(file.tensors[0].info.type.name == "Q2_0 or Q2_0_G128")
    #expect(file.tensors[0].info.range.count == 64)
    // One larger tensor speaks for all of its number.
    builder.add(tensor: "large", [128, 32], 42, bytes: 1088)
    for tensor in try builder.open().tensors where tensor.typeID == 42 {
      #expect(tensor.meaning == .resolved && tensor.info.type.name == "Q2_0_G128")
    }
  }

  @Test func sizesThatContradictAreUnknown() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "a", [128, 32], 42, bytes: 1088)
    builder.add(tensor: "b", [128, 32], 42, bytes: 1152)
    builder.add(tensor: "norm", [4], 0, bytes: 16)
    let file = try builder.open()
    #expect(file.tensors[0].meaning == .unknown && file.tensors[1].meaning == .unknown)
    #expect(file.tensors[0].info.type.name == "type 42")
    #expect(file.tensors[1].info.range.count == 1152 && file.tensors[2].meaning == .resolved)
  }

  @Test func cutFilesAreNoUnknownTypes() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "a", [128, 8], 42, bytes: 272)
    builder.add(tensor: "b", [128, 8], 42, bytes: 272)
    builder.data.removeLast(17)
    #expect(refusal(builder)?.code == .truncated)
    #expect(refusal(builder)?.location.tensor == "b")
  }

  /// A stream does not know its end, so a lone last tensor cannot be told apart.
  @Test func streamsDecideByTheInnerTensors() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "a", [256, 8], 40, bytes: 384)
    #expect(try GGUFFile(Stream(builder.bytes)).tensors[0].meaning != .resolved)
    builder.add(tensor: "b", [256, 8], 40, bytes: 384)
    let tensors = try GGUFFile(Stream(builder.bytes)).tensors
    #expect(tensors[1].meaning == .resolved && tensors[1].info.range.count == 384)
  }
}

/// Bytes that do not say how many they are, as those of a compressed file.
struct Stream: ByteSource {
  let memory: MemorySource
  var name: String { "stream" }
  var byteCount: Int? { nil }

  init(_ bytes: [UInt8]) { memory = MemorySource(bytes) }

  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
    try memory.read(at: offset, into: &destination)
  }
}
