@testable import Formats

/// The metadata and the tensors of a fixture, read with no checks at all.
enum MetadataReader {
  static func read(_ relative: String) throws -> (GGUFMetadata, [TensorInfo]) {
    let source = try FileSource(path: Fixture.path(relative))
    var cursor = HeaderCursor(source)
    try cursor.skip(8, "magic and version")
    let tensorCount = try cursor.integer(UInt64.self, "tensor count")
    let entryCount = try cursor.integer(UInt64.self, "entry count")
    var metadata = GGUFMetadata()
    for _ in 0..<entryCount {
      let key = try string(&cursor).repairedText
      let kind = try cursor.integer(UInt32.self, "kind")
      metadata.append(.init(key, try value(&cursor, kind, source)))
    }
    let tensors = try (0..<tensorCount).map { _ in
      let name = try string(&cursor).repairedText
      let rank = try cursor.integer(UInt32.self, "rank")
      let shape = try (0..<rank).map { _ in Int(try cursor.integer(UInt64.self, "size")) }
      try cursor.skip(12, "type and offset")
      return TensorInfo(name: name, type: .q1_0, shape: shape.reversed(), range: 0..<0)
    }
    return (metadata, tensors)
  }

  private static func string(_ cursor: inout HeaderCursor) throws -> ByteString {
    let length = Int(try cursor.integer(UInt64.self, "length"))
    return ByteString(try cursor.bytes(length, "string"))
  }

  private static func value(
    _ cursor: inout HeaderCursor, _ kind: UInt32, _ source: any ByteSource
  ) throws -> GGUFValue {
    switch kind {
    case 4: return .uint32(try cursor.integer(UInt32.self, "value"))
    case 5: return .int32(try cursor.integer(Int32.self, "value"))
    case 6: return .float32(Float(bitPattern: try cursor.integer(UInt32.self, "value")))
    case 7: return .bool(try cursor.integer(UInt8.self, "value") != 0)
    case 8: return .string(try string(&cursor))
    case 9:
      let element = try cursor.integer(UInt32.self, "element kind")
      let count = Int(try cursor.integer(UInt64.self, "count"))
      let start = cursor.offset
      for _ in 0..<count {
        if element == 8 { _ = try string(&cursor) } else { try cursor.skip(4, "element") }
      }
      return .array(
        GGUFArray(
          elementKind: GGUFValue.Kind(rawValue: element) ?? .uint8, count: count,
          range: start..<cursor.offset, isBigEndian: false, source: source))
    default: throw FormatError(.unsupported, "kind \(kind)")
    }
  }
}
