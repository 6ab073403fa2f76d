extension GGUFHeaderReader {
  /// Keys with their values; Specs/gguf.md §3.
  mutating func metadata(count: Int) throws(FormatError) -> GGUFMetadata {
    var metadata = GGUFMetadata(capacity: capacity(for: count))
    for index in 0..<count {
      let start = cursor.offset
      let key = try key(index)
      let value = try value(kind("metadata key '\(key.quoted())'"), of: key)
      if !metadata.append(GGUFMetadata.Entry(key, value)) {
        try findings.report(
          .ggufRepeatedKey,
          FormatError(
            .malformed, "metadata key '\(key.quoted())' is there for the second time", at: start))
      }
    }
    return metadata
  }

  private mutating func key(_ index: Int) throws(FormatError) -> String {
    let start = cursor.offset
    let bytes = try string(.ggufKeyLength, "metadata key \(index)")
    if bytes.isEmpty {
      try findings.report(
        .ggufKey, FormatError(.malformed, "metadata key \(index) is empty", at: start))
    }
    if let key = ByteString(bytes).text { return key }
    try findings.report(
      .ggufKey, FormatError(.malformed, "metadata key \(index) is not UTF-8", at: start))
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func kind(
    _ what: @autoclosure () -> String
  ) throws(FormatError) -> GGUFValue.Kind {
    let start = cursor.offset
    let number = try cursor.integer(UInt32.self, "the value type of \(what())")
    guard let kind = GGUFValue.Kind(rawValue: number) else {
      throw findings.ending(
        .ggufValueType,
        FormatError(
          .malformed, "\(what()) has value type \(number), there are 0 to 12", at: start))
    }
    return kind
  }

  private mutating func value(
    _ kind: GGUFValue.Kind, of key: String
  ) throws(FormatError) -> GGUFValue {
    switch kind {
    case .uint8: .uint8(try number(key))
    case .int8: .int8(try number(key))
    case .uint16: .uint16(try number(key))
    case .int16: .int16(try number(key))
    case .uint32: .uint32(try number(key))
    case .int32: .int32(try number(key))
    case .uint64: .uint64(try number(key))
    case .int64: .int64(try number(key))
    case .float32: .float32(Float(bitPattern: try number(key)))
    case .float64: .float64(Double(bitPattern: try number(key)))
    case .bool: .bool(try bool("metadata key '\(key.quoted())'"))
    case .string:
      .string(
        ByteString(
          try string(
            .ggufString, "the string of metadata key '\(key.quoted())'")))
    case .array: .array(try array(depth: 1, "metadata key '\(key.quoted())'"))
    }
  }

  private mutating func number<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ key: String
  ) throws(FormatError) -> Integer {
    try cursor.integer(Integer.self, "the value of metadata key '\(key.quoted())'")
  }

  mutating func bool(_ what: @autoclosure () -> String) throws(FormatError) -> Bool {
    let start = cursor.offset
    switch try cursor.integer(UInt8.self, "the value of \(what())") {
    case 0: return false
    case 1: return true
    case let byte:
      try findings.report(
        .ggufBool,
        FormatError(
          .malformed, "\(what()) is a bool of value \(byte), needed 0 or 1", at: start))
      return true
    }
  }

  /// An array, passed over: only lengths and bools within it are looked at.
  mutating func array(
    depth: Int, _ what: @autoclosure () -> String
  ) throws(FormatError) -> GGUFArray {
    let start = cursor.offset
    guard depth <= limits[.ggufArrayDepth] else {
      throw limits.exceeded("\(what()) is an array \(depth) deep", .ggufArrayDepth, at: start)
    }
    let kind = try kind("the array of \(what())")
    let count = try cursor.integer(UInt64.self, "the count of the array of \(what())")
    let (minimum, overflow) = count.multipliedReportingOverflow(by: UInt64(kind.minimumByteCount))
    try checkRoom(for: overflow ? .max : minimum, "the array of \(what()) with \(count) elements")
    let first = cursor.offset
    switch kind {
    case .string:
      // At most as many as the header has bytes, so it fits.
      var rest = Int(truncatingIfNeeded: count)
      while true {
        rest -= cursor.passStrings(rest, upTo: limits[.ggufHeader]) { _ in }
        if rest == 0 { break }
        let length = try cursor.integer(UInt64.self, "the length of a string of \(what())")
        try skip(length, "a string in the array of \(what())")
        rest -= 1
      }
    case .array:
      for _ in 0..<count { _ = try array(depth: depth + 1, what()) }
    case .bool:
      // Looked at now, for a copy of the array would carry a bad one into the output.
      for _ in 0..<count { _ = try bool(what()) }
    default: try skip(minimum, "the array of \(what())")
    }
    return GGUFArray(
      // At most as many as the header has bytes, so it fits.
      elementKind: kind, count: Int(truncatingIfNeeded: count), range: first..<cursor.offset,
      origin: arrayOrigin())
  }
}

extension GGUFHeaderReader {
  /// What all arrays of the file have in common, made with the first.
  private mutating func arrayOrigin() -> GGUFArray.Origin {
    if let origin { return origin }
    let made = GGUFArray.Origin(source, isBigEndian: cursor.isBigEndian, limits)
    origin = made
    return made
  }
}

extension GGUFValue.Kind {
  /// The bytes of a value; of a string or array, those of an empty one.
  var minimumByteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .string: 8
    case .array: 12
    }
  }
}
