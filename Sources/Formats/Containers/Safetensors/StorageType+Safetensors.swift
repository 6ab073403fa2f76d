extension StorageType {
  /// Truth values of a byte each.
  public static let bool = StorageType("BOOL", blockByteCount: 1)
  /// OCP floats of 4 bits (E2M1), two in a byte.
  public static let f4 = StorageType("F4", blockSize: 2, blockByteCount: 1)
  /// OCP floats of 6 bits with 2 bits of exponent, four in three bytes.
  public static let f6E2M3 = StorageType("F6_E2M3", blockSize: 4, blockByteCount: 3)
  /// OCP floats of 6 bits with 3 bits of exponent, four in three bytes.
  public static let f6E3M2 = StorageType("F6_E3M2", blockSize: 4, blockByteCount: 3)
  /// Unsigned integers of 8 bits.
  public static let u8 = StorageType("U8", blockByteCount: 1)
  /// Floats of 8 bits with 5 bits of exponent.
  public static let f8E5M2 = StorageType("F8_E5M2", blockByteCount: 1)
  /// Floats of 8 bits with 4 bits of exponent.
  public static let f8E4M3 = StorageType("F8_E4M3", blockByteCount: 1)
  /// Powers of two of 8 bits.
  public static let f8E8M0 = StorageType("F8_E8M0", blockByteCount: 1)
  /// Floats of 8 bits with 4 bits of exponent, no infinities and no negative zero.
  public static let f8E4M3FNUZ = StorageType("F8_E4M3FNUZ", blockByteCount: 1)
  /// Floats of 8 bits with 5 bits of exponent, no infinities and no negative zero.
  public static let f8E5M2FNUZ = StorageType("F8_E5M2FNUZ", blockByteCount: 1)
  /// Unsigned integers of 16 bits.
  public static let u16 = StorageType("U16", blockByteCount: 2)
  /// Complex numbers of two binary32.
  public static let c64 = StorageType("C64", blockByteCount: 8)
  /// Unsigned integers of 64 bits.
  public static let u64 = StorageType("U64", blockByteCount: 8)
}

/// The types that safetensors has; Specs/safetensors.md §3.
enum SafetensorsTypes {
  /// All of them, in the order of the reference's enumeration, which is a writer's sort key.
  static let inOrder: [StorageType] = [
    .bool, .f4, .f6E2M3, .f6E3M2, .u8, .i8, .f8E5M2, .f8E4M3, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ,
    .i16, .u16, .f16, .bf16, .i32, .u32, .f32, .c64, .f64, .i64, .u64,
  ]

  /// The type of a name, by its bytes.
  static func named(_ name: String) -> StorageType? {
    names.number(of: name).map { inOrder[$0] }
  }

  private static let names = NameSet(inOrder.map(\.name))

  /// The bytes that a tensor takes.
  ///
  /// - Throws: ``FormatError`` when the number overflows, or when elements of less than a byte fill
  ///   no whole number of bytes.
  static func byteCount(_ type: StorageType, _ shape: [Int]) throws(FormatError) -> Int {
    // In order and without regard to zeros further on, as the reference multiplies.
    var count = 1
    for size in shape { count = try count.multiplied(by: size, "the number of elements") }
    guard count > 0, type.blockSize > 1 else {
      return try count.multiplied(by: type.blockByteCount, "the number of bytes")
    }
    guard count % type.blockSize == 0 else {
      throw FormatError(
        .malformed,
        "\(count) elements of \(type.name) fill no whole number of bytes: "
          + "needed a multiple of \(type.blockSize)")
    }
    return try (count / type.blockSize).multiplied(by: type.blockByteCount, "the number of bytes")
  }
}
