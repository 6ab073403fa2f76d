/// How a container stores elements: so many of them in a block of so many bytes.
///
/// Scalars are blocks of one. The sub-byte types of safetensors are blocks of the fewest elements
/// that fill whole bytes (two F4 in one byte, four F6 in three).
public struct StorageType: Sendable {
  /// The format's own name: `F16`, `I32`, `Q1_0`.
  public var name: String { description.name }
  /// Elements in a block.
  public var blockSize: Int { description.blockSize }
  /// Bytes of a block.
  public var blockByteCount: Int { description.blockByteCount }

  /// Shared by all copies: a model can have hundreds of thousands of tensors, and has only a few types.
  private let description: Description

  private final class Description: Sendable {
    let name: String
    let blockSize: Int
    let blockByteCount: Int

    init(_ name: String, _ blockSize: Int, _ blockByteCount: Int) {
      self.name = name
      self.blockSize = blockSize
      self.blockByteCount = blockByteCount
    }
  }

  /// Makes a storage type.
  public init(_ name: String, blockSize: Int = 1, blockByteCount: Int) {
    description = Description(name, blockSize, blockByteCount)
  }

  /// Bits that one element takes on average, scales included.
  public var bitsPerElement: Double { Double(blockByteCount * 8) / Double(blockSize) }
}

extension StorageType: Hashable {
  /// Whether two types are the same in all that they say.
  public static func == (one: StorageType, other: StorageType) -> Bool {
    one.description === other.description
      || (one.blockSize == other.blockSize && one.blockByteCount == other.blockByteCount
        && one.name == other.name)
  }

  /// Feeds the name, which few types share.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension StorageType {
  /// IEEE 754 binary64.
  public static let f64 = StorageType("F64", blockByteCount: 8)
  /// IEEE 754 binary32.
  public static let f32 = StorageType("F32", blockByteCount: 4)
  /// IEEE 754 binary16.
  public static let f16 = StorageType("F16", blockByteCount: 2)
  /// The upper half of a binary32.
  public static let bf16 = StorageType("BF16", blockByteCount: 2)
  /// Signed integers of 8 bits.
  public static let i8 = StorageType("I8", blockByteCount: 1)
  /// Signed integers of 16 bits.
  public static let i16 = StorageType("I16", blockByteCount: 2)
  /// Signed integers of 32 bits.
  public static let i32 = StorageType("I32", blockByteCount: 4)
  /// Signed integers of 64 bits.
  public static let i64 = StorageType("I64", blockByteCount: 8)
  /// Unsigned integers of 32 bits.
  public static let u32 = StorageType("U32", blockByteCount: 4)
  /// 128 signs and one F16 scale; Specs/layouts.md §3.
  public static let q1_0 = StorageType("Q1_0", blockSize: 128, blockByteCount: 18)
}
