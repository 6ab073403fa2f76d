extension GGUFArray {
  /// An array of strings in memory.
  public init(_ strings: some Sequence<ByteString>) {
    var count = 0
    var writer = ByteWriter()
    for string in strings {
      writer.append(UInt64(string.bytes.count))
      writer.append(string.bytes)
      count += 1
    }
    self.init(composed: writer.bytes, of: .string, count: count)
  }

  /// An array of strings in memory.
  init(_ strings: ByteStrings) {
    var writer = ByteWriter()
    writer.reserve(strings.bytes.count + 8 * strings.count)
    strings.bytes.withBytes { bytes in
      for index in 0..<strings.count {
        let range = strings[index]
        writer.append(UInt64(range.count))
        writer.append(bytes.extracting(range))
      }
    }
    self.init(composed: writer.bytes, of: .string, count: strings.count)
  }

  /// An array of 32-bit integers in memory.
  public init(_ integers: [Int32]) {
    self.init(composed: integers, of: .int32)
  }

  /// An array of unsigned 32-bit integers in memory.
  public init(_ integers: [UInt32]) {
    self.init(composed: integers, of: .uint32)
  }

  /// An array of 32-bit floating-point numbers in memory.
  public init(_ floats: [Float]) {
    self.init(composed: floats.map(\.bitPattern), of: .float32)
  }

  /// An array of truth values in memory.
  public init(_ bools: [Bool]) {
    self.init(composed: bools.map { $0 ? UInt8(1) : 0 }, of: .bool)
  }

  private init(composed elements: [some FixedWidthInteger], of kind: GGUFValue.Kind) {
    var writer = ByteWriter()
    for element in elements { writer.append(element) }
    self.init(composed: writer.bytes, of: kind, count: elements.count)
  }

  private init(composed bytes: [UInt8], of kind: GGUFValue.Kind, count: Int) {
    self.init(
      elementKind: kind, count: count, range: 0..<bytes.count, isBigEndian: false,
      source: MemorySource(bytes))
  }
}
