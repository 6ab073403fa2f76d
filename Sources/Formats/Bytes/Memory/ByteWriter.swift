/// Composes a header in memory, little-endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  mutating func append(_ other: RawSpan) { bytes.append(other) }

  mutating func append(_ other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  /// Appends `byte` until the length is a multiple of `alignment`.
  mutating func pad(to alignment: Int, with byte: UInt8 = 0) {
    let rest = bytes.count % alignment
    if rest > 0 { bytes.append(contentsOf: repeatElement(byte, count: alignment - rest)) }
  }
}
