// The header's promises about the data; Specs/safetensors.md §4.
extension SafetensorsHeader {
  /// The tensors in the order of their data, each where the one before ends.
  ///
  /// - Parameters:
  ///   - dataOffset: Where in the file the data begins.
  ///   - dataByteCount: How many bytes of data the file holds, where that is known.
  func tensors(
    dataOffset: Int, dataByteCount: Int?
  ) throws(FormatError) -> [TensorInfo] {
    var tensors: [TensorInfo] = []
    tensors.reserveCapacity(entries.count)
    var end = 0
    for index in order() {
      let entry = entries[index]
      try locating(tensor: entry.name) { () throws(FormatError) in
        try check(entry, follows: end, after: tensors.last)
        let start = try dataOffset.adding(entry.begin, "the offset of the data")
        let stop = try dataOffset.adding(entry.end, "the offset of the data's end")
        tensors.append(
          TensorInfo(name: entry.name, type: entry.type, shape: entry.shape, range: start..<stop))
      }
      end = entry.end
    }
    guard let dataByteCount, dataByteCount != end else { return tensors }
    throw dataByteCount < end
      ? FormatError(
        .truncated,
        "the header promises \(end) bytes of data, the file holds \(dataByteCount): "
          + "\(end - dataByteCount) are missing", at: dataOffset + dataByteCount)
      : FormatError(
        .malformed,
        "\(dataByteCount - end) bytes follow the data that the header describes",
        at: dataOffset + end)
  }

  /// The indices of the entries by their data's begin, then end, then place in the header.
  private func order() -> [Int] {
    var keys = entries.enumerated().map { (begin: $1.begin, end: $1.end, index: $0) }
    keys.sort { $0 < $1 }
    return keys.map(\.index)
  }

  private func check(
    _ entry: Entry, follows end: Int, after previous: TensorInfo?
  ) throws(FormatError) {
    let needed = try SafetensorsTypes.byteCount(entry.type, entry.shape)
    let found = entry.end - entry.begin
    guard needed == found else {
      throw FormatError(
        .malformed,
        "\(entry.type.name) \(entry.shape) needs \(needed) bytes, data_offsets give \(found)")
    }
    guard entry.begin <= end else {
      throw FormatError(
        .malformed, "\(entry.begin - end) bytes of data before it belong to no tensor")
    }
    guard entry.begin >= end else {
      throw FormatError(
        .malformed,
        "its data begins at \(entry.begin), before that of '\(previous?.name.quoted() ?? "")' "
          + "ends at \(end)")
    }
  }
}
