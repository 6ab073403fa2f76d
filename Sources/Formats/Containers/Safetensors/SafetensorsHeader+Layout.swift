// The header's promises about the data; Specs/safetensors.md §4.
extension SafetensorsHeader {
  /// The tensors in the order of their data, each where the one before ends.
  ///
  /// - Parameters:
  ///   - dataOffset: Where in the file the data begins.
  ///   - dataByteCount: How many bytes of data the file holds, where that is known.
  ///   - findings: What is found wrong.
  func tensors(
    dataOffset: Int, dataByteCount: Int?, _ findings: inout Findings
  ) throws(FormatError) -> [TensorInfo] {
    var tensors: [TensorInfo] = []
    tensors.reserveCapacity(entries.count)
    var end = 0
    for index in order() {
      let entry = entries[index]
      try locating(tensor: entry.name) { () throws(FormatError) in
        guard try check(entry, follows: end, after: tensors.last, &findings) else { return }
        let start = try dataOffset.adding(entry.begin, "the offset of the data")
        let stop = try dataOffset.adding(entry.end, "the offset of the data's end")
        tensors.append(
          TensorInfo(name: entry.name, type: entry.type, shape: entry.shape, range: start..<stop))
      }
      end = max(end, entry.end)
    }
    if let dataByteCount, dataByteCount < end {
      try findings.report(
        .safetensorsDataCut, Self.cut(tensors, end, dataByteCount, dataOffset, findings.isStrict))
    }
    if let dataByteCount, dataByteCount > end {
      try findings.report(
        .safetensorsSurplus,
        FormatError(
          .malformed, "\(dataByteCount - end) bytes follow the data that the header describes",
          at: dataOffset + end))
    }
    return tensors
  }

  /// How much is missing; whoever collects is told the first tensor that is not whole.
  private static func cut(
    _ tensors: [TensorInfo], _ end: Int, _ found: Int, _ dataOffset: Int, _ isStrict: Bool
  ) -> FormatError {
    let cut = tensors.filter { $0.range.upperBound > dataOffset + found }
    let first = isStrict ? nil : cut.first
    let more =
      first == nil ? "" : ", from this tensor on (\(cut.count) of \(tensors.count))"
    return FormatError(
      .truncated,
      "the header promises \(end) bytes of data, the file holds \(found): "
        + "\(end - found) are missing\(more)", at: dataOffset + found
    ).located(tensor: first?.name)
  }

  /// The indices of the entries by their data's begin, then end, then place in the header.
  private func order() -> [Int] {
    var keys = entries.enumerated().map { (begin: $1.begin, end: $1.end, index: $0) }
    keys.sort { $0 < $1 }
    return keys.map(\.index)
  }

  /// - Returns: Whether shape and bytes agree; what works with the tensor relies on that.
  private func check(
    _ entry: Entry, follows end: Int, after previous: TensorInfo?, _ findings: inout Findings
  ) throws(FormatError) -> Bool {
    var isSound = true
    do throws(FormatError) {
      try checkSize(entry)
    } catch {
      isSound = false
      try findings.report(.safetensorsSize, error.located(tensor: entry.name))
    }
    if entry.begin > end {
      try findings.report(
        .safetensorsHole,
        FormatError(
          .malformed, "\(entry.begin - end) bytes of data before it belong to no tensor"
        ).located(tensor: entry.name))
    }
    if entry.begin < end {
      try findings.report(
        .safetensorsOverlap,
        FormatError(
          .malformed,
          "its data begins at \(entry.begin), before that of "
            + "'\(previous?.name.quoted() ?? "")' ends at \(end)"
        ).located(tensor: entry.name))
    }
    return isSound
  }

  private func checkSize(_ entry: Entry) throws(FormatError) {
    // A type that is not known has been found already, and has no size.
    guard entry.type.blockByteCount > 0 else {
      _ = try entry.shape.elementCount()
      return
    }
    let needed = try SafetensorsTypes.byteCount(entry.type, entry.shape)
    let found = entry.end - entry.begin
    guard needed != found else { return }
    throw FormatError(
      .malformed,
      "\(entry.type.name) \(entry.shape) needs \(needed) bytes, data_offsets give \(found)")
  }
}
