/// Turns the tensor data of big-endian files around; Specs/gguf.md §8.
public enum GGUFByteOrder {
  /// Whether data of a type can be turned around.
  public static func canSwap(_ type: StorageType) -> Bool { units(type) != nil }

  /// Exchanges the byte order of whole elements or blocks, in place. Twice is not at all.
  ///
  /// - Parameters:
  ///   - bytes: Whole blocks of the type.
  ///   - type: A scalar type, or ``StorageType/q1_0``, of which the scale is turned around.
  /// - Throws: `unsupported` for other types; `usage` for a part of a block.
  public static func swap(_ bytes: inout [UInt8], of type: StorageType) throws(FormatError) {
    guard let units = units(type) else {
      throw FormatError(
        .unsupported, "big-endian data of type \(type.name) can be listed, but not read")
    }
    guard bytes.count % units.stride == 0 else {
      throw FormatError(
        .usage, "\(bytes.count) bytes are no whole number of \(type.name) blocks of \(units.stride)"
      )
    }
    swap(&bytes, elementByteCount: units.width, every: units.stride)
  }

  /// Turns around the first `elementByteCount` bytes of every `stride` bytes, or of each element.
  static func swap(_ bytes: inout [UInt8], elementByteCount width: Int, every stride: Int? = nil) {
    guard width > 1 else { return }
    var start = 0
    while bytes.count - start >= width {
      for index in 0..<width / 2 { bytes.swapAt(start + index, start + width - 1 - index) }
      start += stride ?? width
    }
  }

  /// The bytes that belong together, and how far it is to the next such group.
  private static func units(_ type: StorageType) -> (width: Int, stride: Int)? {
    switch type {
    case .f16, .bf16, .i16: (2, 2)
    case .f32, .i32: (4, 4)
    case .f64, .i64: (8, 8)
    case .i8: (1, 1)
    case .q1_0: (2, StorageType.q1_0.blockByteCount)
    default: nil
    }
  }
}
