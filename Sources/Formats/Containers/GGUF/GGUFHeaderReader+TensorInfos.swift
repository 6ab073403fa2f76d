/// A tensor info as it stands in the header; Specs/gguf.md §4.
struct GGUFTensorRecord {
  let name: String
  /// Outermost first: the reverse of the file's order.
  let shape: [Int]
  let typeID: UInt32
  /// Counted from the start of the data.
  let offset: Int
}

extension GGUFHeaderReader {
  /// The least that a tensor info takes: empty name, no dimensions.
  static let minimumTensorInfoByteCount = 24

  mutating func tensorRecords(
    count: Int, alignment: Int
  ) throws(FormatError) -> [GGUFTensorRecord] {
    var records: [GGUFTensorRecord] = []
    var names = NameSet(capacity: capacity(for: count))
    records.reserveCapacity(capacity(for: count))
    for index in 0..<count {
      let start = cursor.offset
      let name = try tensorName(index)
      // Of names that are repeated without end, few are kept.
      var isKept = true
      if !names.insert(name) {
        isKept = findings.isStrict || findings.keeps(.ggufRepeatedTensor)
        try findings.report(.ggufRepeatedTensor) {
          FormatError(.malformed, "there are two tensors of this name", at: start)
            .located(tensor: name)
        }
      }
      do throws(FormatError) {
        let record = try tensorRecord(name, alignment: alignment)
        if isKept, let record { records.append(record) }
      } catch {
        throw error.located(tensor: name)
      }
    }
    return records
  }

  private mutating func tensorName(_ index: Int) throws(FormatError) -> String {
    let start = cursor.offset
    let bytes = try string(
      findings.isStrict ? .ggufNameLength : .ggufKeyLength, "the name of tensor \(index)")
    if bytes.count > limits[.ggufNameLength] {
      try findings.report(
        .ggufTensorName,
        limits.exceeded(
          "the name of tensor \(index) has \(bytes.count) bytes", .ggufNameLength, at: start))
    }
    if let name = ByteString(bytes).text { return name }
    try findings.report(
      .ggufTensorName,
      FormatError(.malformed, "the name of tensor \(index) is not UTF-8", at: start))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Returns: `nil` for a tensor without a size or a place, which has been reported.
  private mutating func tensorRecord(
    _ name: String, alignment: Int
  ) throws(FormatError) -> GGUFTensorRecord? {
    let shape = try shape(of: name)
    let typeID = try cursor.integer(UInt32.self, "the type")
    let offsetOffset = cursor.offset
    let offset = try cursor.integer(UInt64.self, "the offset")
    let position = Int(exactly: offset)
    if (position ?? 1) % alignment != 0 || position == nil {
      let fault =
        position == nil ? "beyond 63 bits" : "no multiple of the alignment \(alignment)"
      try findings.report(
        .ggufOffset,
        FormatError(.malformed, "the data offset \(offset) is \(fault)", at: offsetOffset)
          .located(tensor: name))
    }
    guard let shape, let position else { return nil }
    return GGUFTensorRecord(name: name, shape: shape, typeID: typeID, offset: position)
  }

  /// Outermost size first; `nil` where one of them, or their product, cannot be, which has been
  /// reported.
  private mutating func shape(of name: String) throws(FormatError) -> [Int]? {
    let rankOffset = cursor.offset
    let rank = try cursor.integer(UInt32.self, "the number of dimensions")
    if Int(rank) > limits[.ggufRank] {
      let error = limits.exceeded("there are \(rank) dimensions", .ggufRank, at: rankOffset)
      // As many as these are no dimensions but other bytes.
      guard rank <= 64 else { throw findings.ending(.ggufRank, error) }
      try findings.report(.ggufRank, error.located(tensor: name))
    }
    var shape: [Int] = []
    shape.reserveCapacity(Int(rank))
    var isSound = true
    for _ in 0..<rank {
      let start = cursor.offset
      let size = try cursor.integer(Int64.self, "a dimension")
      if size < 0 {
        isSound = false
        try findings.report(
          .ggufDimension,
          FormatError(.malformed, "a dimension is \(size), needed 0 or more", at: start)
            .located(tensor: name))
      }
      shape.append(Int(size))
    }
    guard isSound else { return nil }
    shape.reverse()
    // Also for types whose block size nobody knows: no later product of these sizes overflows.
    do throws(FormatError) {
      _ = try shape.elementCount()
    } catch {
      try findings.report(.ggufDimension, error.located(tensor: name))
      return nil
    }
    return shape
  }
}
