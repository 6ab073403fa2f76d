/// How many bytes a tensor takes; Specs/gguf.md §4.
enum GGUFSize {
  /// The bytes of a tensor whose rows are whole blocks.
  ///
  /// - Parameter shape: Sizes, outermost first, none negative; rank 0 is one element.
  /// - Throws: `malformed` when a row is no whole number of blocks, or a product overflows.
  static func byteCount(_ shape: [Int], as type: StorageType) throws(FormatError) -> Int {
    let row = shape.last ?? 1
    guard type.blockSize > 0, row % type.blockSize == 0 else {
      throw FormatError(
        .malformed,
        "rows of \(row) elements are no whole number of \(type.name) blocks of \(type.blockSize)")
    }
    let elements = try shape.elementCount()
    return try (elements / type.blockSize)
      .multiplied(by: type.blockByteCount, "the tensor's size in bytes")
  }
}
