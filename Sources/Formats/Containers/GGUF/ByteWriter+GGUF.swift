// The little-endian form of metadata and tensor infos; Specs/gguf.md §3 and §4.

extension ByteWriter {
  /// Appends a string with its length.
  mutating func append(gguf bytes: [UInt8]) {
    append(UInt64(bytes.count))
    append(bytes)
  }

  /// Appends a key with its value.
  mutating func append(_ entry: GGUFMetadata.Entry) throws(FormatError) {
    let key = Array(entry.key.utf8)
    guard !key.isEmpty else { throw FormatError(.malformed, "a metadata key is empty") }
    guard key.count <= Limit.ggufKeyLength.standard else {
      throw Limit.exceededInWriting(
        "a metadata key has \(key.count) bytes", Limit.ggufKeyLength.standard)
    }
    append(gguf: key)
    append(entry.value.kind.rawValue)
    try append(entry.value)
  }

  private mutating func append(_ value: GGUFValue) throws(FormatError) {
    switch value {
    case .uint8(let value): append(value)
    case .int8(let value): append(value)
    case .uint16(let value): append(value)
    case .int16(let value): append(value)
    case .uint32(let value): append(value)
    case .int32(let value): append(value)
    case .uint64(let value): append(value)
    case .int64(let value): append(value)
    case .float32(let value): append(value.bitPattern)
    case .float64(let value): append(value.bitPattern)
    case .bool(let value): append(value ? UInt8(1) : 0)
    case .string(let value): append(gguf: value.bytes)
    case .array(let array): try append(array)
    }
  }

  /// Appends a tensor info.
  mutating func append(_ tensor: GGUFPlan.Tensor, at offset: Int) {
    append(gguf: Array(tensor.name.utf8))
    append(UInt32(tensor.shape.count))
    for size in tensor.shape.reversed() { append(UInt64(size)) }
    append(tensor.typeID)
    append(UInt64(offset))
  }
}

extension GGUFValue {
  /// Which type the value has.
  public var kind: Kind {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .float32: .float32
    case .bool: .bool
    case .string: .string
    case .array: .array
    case .uint64: .uint64
    case .int64: .int64
    case .float64: .float64
    }
  }
}
