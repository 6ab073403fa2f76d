extension GGMLType {
  /// Every number that is known, upstream ggml's 0 to 42 and the private ones; Specs/gguf.md §6.
  public static let all: [GGMLType] = scalars + legacyQuants + kQuants + iQuants + lowBit + removed

  private static let scalars: [GGMLType] = [
    .f32, .f16, GGMLType(24, .i8), GGMLType(25, .i16), GGMLType(26, .i32), GGMLType(27, .i64),
    GGMLType(28, .f64), .bf16,
  ]

  private static let legacyQuants: [GGMLType] = [
    block(2, "Q4_0", 32, 18), block(3, "Q4_1", 32, 20), block(6, "Q5_0", 32, 22),
    block(7, "Q5_1", 32, 24), block(8, "Q8_0", 32, 34), block(9, "Q8_1", 32, 36),
  ]

  private static let kQuants: [GGMLType] = [
    block(10, "Q2_K", 256, 84), block(11, "Q3_K", 256, 110), block(12, "Q4_K", 256, 144),
    block(13, "Q5_K", 256, 176), block(14, "Q6_K", 256, 210), block(15, "Q8_K", 256, 292),
  ]

  private static let iQuants: [GGMLType] = [
    block(16, "IQ2_XXS", 256, 66), block(17, "IQ2_XS", 256, 74), block(18, "IQ3_XXS", 256, 98),
    block(19, "IQ1_S", 256, 50), block(20, "IQ4_NL", 32, 18), block(21, "IQ3_S", 256, 110),
    block(22, "IQ2_S", 256, 82), block(23, "IQ4_XS", 256, 136), block(29, "IQ1_M", 256, 56),
  ]

  private static let lowBit: [GGMLType] = [
    block(34, "TQ1_0", 256, 54), block(35, "TQ2_0", 256, 66), block(39, "MXFP4", 32, 17),
    GGMLType(
      40, StorageType("NVFP4", blockSize: 64, blockByteCount: 36),
      StorageType("Q1_0_G32", blockSize: 32, blockByteCount: 6)),
    .q1_0,
    GGMLType(
      42, StorageType("Q2_0", blockSize: 64, blockByteCount: 18),
      StorageType("Q2_0_G128", blockSize: 128, blockByteCount: 34)),
    block(142, "PQ2_0", 128, 34), block(143, "PTQ1_0", 128, 28),
  ]

  private static let removed: [GGMLType] = [
    GGMLType(4, removed: "Q4_2"), GGMLType(5, removed: "Q4_3"),
    GGMLType(31, removed: "Q4_0_4_4"), GGMLType(32, removed: "Q4_0_4_8"),
    GGMLType(33, removed: "Q4_0_8_8"), GGMLType(36, removed: "IQ4_NL_4_4"),
    GGMLType(37, removed: "IQ4_NL_4_8"), GGMLType(38, removed: "IQ4_NL_8_8"),
  ]

  private static func block(
    _ id: UInt32, _ name: String, _ size: Int, _ byteCount: Int
  ) -> GGMLType {
    GGMLType(id, StorageType(name, blockSize: size, blockByteCount: byteCount))
  }
}
