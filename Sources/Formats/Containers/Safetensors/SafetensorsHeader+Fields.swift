// The fields of a tensor's entry; Specs/safetensors.md §2.
extension SafetensorsHeader {
  static func type(_ reader: inout JSONReader) throws(FormatError) -> StorageType {
    let text = try reader.string("a string as dtype")
    guard let type = SafetensorsTypes.named(text) else {
      throw reader.error("safetensors has no dtype '\(text.quoted())'", at: reader.tokenStart)
    }
    return type
  }

  static func shape(_ reader: inout JSONReader) throws(FormatError) -> [Int] {
    var shape: [Int] = []
    try reader.beginArray("an array as shape")
    while try reader.nextElement() {
      guard shape.count < reader.limits[.safetensorsRank] else {
        throw reader.limits.exceeded(
          "the shape has at least \(shape.count + 1) sizes", .safetensorsRank, at: reader.offset)
      }
      shape.append(try size("an integer in shape", &reader))
    }
    return shape
  }

  static func offsets(
    _ reader: inout JSONReader
  ) throws(FormatError) -> (begin: Int, end: Int) {
    try reader.beginArray("an array as data_offsets")
    let start = reader.position
    var ends = (begin: 0, end: 0)
    var count = 0
    while try reader.nextElement() {
      guard count < 2 else {
        throw reader.error("data_offsets has more than two numbers", at: start)
      }
      ends = (ends.end, try size("an integer in data_offsets", &reader))
      count += 1
    }
    guard count == 2 else {
      throw reader.error("data_offsets needs two numbers, found \(count)", at: start)
    }
    guard ends.begin <= ends.end else {
      throw reader.error(
        "data_offsets run backwards, from \(ends.begin) to \(ends.end)", at: start)
    }
    return ends
  }

  /// Throws when anything but the padding of spaces follows the closing brace.
  static func end(_ reader: inout JSONReader) throws(FormatError) {
    while reader.position < reader.bytes.count {
      guard reader.bytes[reader.position] == 0x20 else {
        throw reader.needed("nothing but spaces after the header's '}'")
      }
      reader.position += 1
    }
  }

  private static func size(
    _ what: @autoclosure () -> String, _ reader: inout JSONReader
  ) throws(FormatError) -> Int {
    let value = try reader.integer(what())
    guard value >= 0 else {
      throw reader.error("\(what()) is negative: \(value)", at: reader.tokenStart)
    }
    return value
  }
}
