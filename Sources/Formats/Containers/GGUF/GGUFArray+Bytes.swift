extension GGUFArray {
  /// The elements as a little-endian file holds them, in memory.
  ///
  /// Elements of a little-endian source are copied as they are, so that nothing about them can
  /// change; those of a big-endian source are turned around one by one.
  func littleEndianBytes() throws(FormatError) -> [UInt8] {
    guard isBigEndian else { return try source.bytes(range) }
    switch elementKind {
    case .string:
      var writer = ByteWriter()
      try forEachString { (string) throws(FormatError) in
        writer.append(UInt64(string.bytes.count))
        writer.append(string.bytes)
      }
      return writer.bytes
    case .array:
      var writer = ByteWriter()
      for array in try arrays() { try writer.append(array) }
      return writer.bytes
    default:
      var bytes = try source.bytes(range)
      GGUFByteOrder.swap(&bytes, elementByteCount: elementKind.minimumByteCount)
      return bytes
    }
  }
}

extension ByteWriter {
  /// Appends an array with its element kind and count.
  mutating func append(_ array: GGUFArray) throws(FormatError) {
    append(array.elementKind.rawValue)
    append(UInt64(array.count))
    append(try array.littleEndianBytes())
  }
}
