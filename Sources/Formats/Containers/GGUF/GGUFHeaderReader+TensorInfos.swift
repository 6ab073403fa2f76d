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
    var names = NameSet()
    for index in 0..<count {
      let start = cursor.offset
      let name = try tensorName(index)
      guard names.insert(name) else {
        throw FormatError(.malformed, "there are two tensors of this name", at: start)
          .located(tensor: name)
      }
      do throws(FormatError) {
        records.append(try tensorRecord(name, alignment: alignment))
      } catch {
        throw error.located(tensor: name)
      }
    }
    return records
  }

  private mutating func tensorName(_ index: Int) throws(FormatError) -> String {
    let start = cursor.offset
    let bytes = try string(.ggufNameLength, "the name of tensor \(index)")
    guard let name = ByteString(bytes).text else {
      throw FormatError(.malformed, "the name of tensor \(index) is not UTF-8", at: start)
    }
    return name
  }

  private mutating func tensorRecord(
    _ name: String, alignment: Int
  ) throws(FormatError) -> GGUFTensorRecord {
    let rankOffset = cursor.offset
    let rank = try cursor.integer(UInt32.self, "the number of dimensions")
    guard Int(rank) <= limits[.ggufRank] else {
      throw limits.exceeded("there are \(rank) dimensions", .ggufRank, at: rankOffset)
    }
    var shape: [Int] = []
    for _ in 0..<rank {
      let start = cursor.offset
      let size = try cursor.integer(Int64.self, "a dimension")
      guard size >= 0 else {
        throw FormatError(.malformed, "a dimension is \(size), needed 0 or more", at: start)
      }
      shape.append(Int(size))
    }
    shape.reverse()
    // Also for types whose block size nobody knows: no later product of these sizes overflows.
    _ = try shape.elementCount()
    let typeID = try cursor.integer(UInt32.self, "the type")
    let offsetOffset = cursor.offset
    let offset = try cursor.integer(UInt64.self, "the offset")
    guard let position = Int(exactly: offset), position % alignment == 0 else {
      throw FormatError(
        .malformed, "the data offset \(offset) is no multiple of the alignment \(alignment)",
        at: offsetOffset)
    }
    return GGUFTensorRecord(name: name, shape: shape, typeID: typeID, offset: position)
  }
}
