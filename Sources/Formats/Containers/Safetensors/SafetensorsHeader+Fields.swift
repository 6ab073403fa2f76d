// The fields of a tensor's entry; Specs/safetensors.md §2.
extension SafetensorsHeader {
  /// The next value; `nil` where it cannot be, which has been reported.
  ///
  /// - Throws: what is no JSON: nobody knows where the value ends.
  static func value<Result>(
    _ rule: Rule, of name: String? = nil, _ reader: inout JSONReader, _ findings: inout Findings,
    _ read: (inout JSONReader, inout Findings) throws(FormatError) -> Result
  ) throws(FormatError) -> Result? {
    let start = reader.place
    do throws(FormatError) {
      return try read(&reader, &findings)
    } catch {
      reader.goBack(to: start)
      guard !findings.isStrict, (try? reader.skipValue()) != nil else { throw error }
      try findings.report(
        error.code == .limit ? .beyondLimits : rule, error.located(tensor: name))
      return nil
    }
  }

  /// The type; one that the format has not is reported, and has no size.
  static func type(
    of name: String, _ reader: inout JSONReader, _ findings: inout Findings
  ) throws(FormatError) -> StorageType {
    let text = try reader.string("a string as dtype")
    if let type = SafetensorsTypes.named(text) { return type }
    let error = reader.error(
      "safetensors has no dtype '\(text.quoted())'", at: reader.tokenStart)
    try findings.report(.safetensorsType, error.located(tensor: name))
    return .unsized(text)
  }

  static func shape(_ reader: inout JSONReader) throws(FormatError) -> [Int] {
    var shape: [Int] = []
    // A matrix's without growing step by step.
    shape.reserveCapacity(2)
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

  /// Begin and end; `nil` where they are no range, which has been reported.
  static func offsets(
    of name: String, _ reader: inout JSONReader, _ findings: inout Findings
  ) throws(FormatError) -> (begin: Int, end: Int)? {
    try reader.beginArray("an array as data_offsets")
    let start = reader.position
    var ends = (begin: 0, end: 0)
    var count = 0
    while try reader.nextElement() {
      if count == 2 {
        let error = reader.error("data_offsets has more than two numbers", at: start)
        try findings.report(.safetensorsOffsets, error.located(tensor: name))
      }
      ends = (ends.end, try size("an integer in data_offsets", &reader))
      count += 1
    }
    guard count >= 2, ends.begin <= ends.end else {
      let error = reader.error(
        count < 2
          ? "data_offsets needs two numbers, found \(count)"
          : "data_offsets run backwards, from \(ends.begin) to \(ends.end)", at: start)
      try findings.report(.safetensorsOffsets, error.located(tensor: name))
      return nil
    }
    return count == 2 ? ends : nil
  }

  /// Reports anything but the padding of spaces after the closing brace.
  static func end(
    _ reader: inout JSONReader, _ findings: inout Findings
  ) throws(FormatError) {
    while reader.position < reader.bytes.count {
      guard reader.bytes[reader.position] == 0x20 else {
        return try findings.report(
          .safetensorsTrailer, reader.needed("nothing but spaces after the header's '}'"))
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
