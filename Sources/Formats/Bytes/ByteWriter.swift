/// Composes a header in memory, little-endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
    for shift in stride(from: 0, to: Integer.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func append(_ other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  /// Appends `byte` until the length is a multiple of `alignment`.
  mutating func pad(to alignment: Int, with byte: UInt8 = 0) {
    let rest = bytes.count % alignment
    if rest > 0 { bytes.append(contentsOf: repeatElement(byte, count: alignment - rest)) }
  }
}
