/// Finds out where each tensor's bytes end, and that they are there and nobody else's.
///
/// ggml demands that tensors follow each other in the order of the header, without holes. Here any
/// order and any hole is fine: what matters for reading is that every byte has one owner.
struct GGUFTensorLayout {
  /// A tensor with what the offsets alone say about it.
  struct Slot {
    let record: GGUFTensorRecord
    let start: Int
    /// Where the next tensor begins, or the file ends; `nil` where that end is not known.
    let limit: Int?
    /// Whether `limit` is the end of the file: padding may be missing there.
    let isLast: Bool
  }

  let slots: [Slot]
  private let dataOffset: Int
  private let alignment: Int
  private let fileByteCount: Int?

  init(
    _ records: [GGUFTensorRecord], dataOffset: Int, alignment: Int, fileByteCount: Int?
  ) throws(FormatError) {
    self.dataOffset = dataOffset
    self.alignment = alignment
    // Empty tensors may stand at the start of data that is not there, not even as padding.
    self.fileByteCount = fileByteCount.map { max($0, dataOffset) }
    var starts: [Int] = []
    for record in records {
      let start = try dataOffset.adding(record.offset, "the start of tensor '\(record.name)'")
      try Self.checkEnd(start, of: record.name, fileByteCount: self.fileByteCount)
      starts.append(start)
    }
    let sorted = Set(starts).sorted()
    var next: [Int: Int] = [:]
    for (start, following) in zip(sorted, sorted.dropFirst()) { next[start] = following }
    let end = self.fileByteCount
    slots = zip(records, starts).map { record, start in
      Slot(
        record: record, start: start, limit: next[start] ?? end, isLast: next[start] == nil)
    }
  }

  /// The tensors, in the order of the header. Where findings collect, those of a file that was cut
  /// are as the header has them.
  static func tensors(
    _ records: [GGUFTensorRecord], dataOffset: Int, alignment: Int, fileByteCount: Int?,
    _ findings: inout Findings
  ) throws(FormatError) -> [GGUFTensor] {
    var found = findings
    do throws(FormatError) {
      let tensors = try GGUFTensorLayout(
        records, dataOffset: dataOffset, alignment: alignment, fileByteCount: fileByteCount
      ).tensors(&found)
      findings = found
      return tensors
    } catch {
      guard !findings.isStrict, error.code == .truncated, let fileByteCount else { throw error }
      // A file that was cut is the beginning of one whose end is not known.
      let tensors = try GGUFTensorLayout(
        records, dataOffset: dataOffset, alignment: alignment, fileByteCount: nil
      ).tensors(&findings)
      findings.add(.ggufDataCut, cut(tensors, fileByteCount) ?? error)
      return tensors
    }
  }

  /// How much is missing, located at the first tensor that is not whole.
  private static func cut(_ tensors: [GGUFTensor], _ fileByteCount: Int) -> FormatError? {
    let cut = tensors.filter { $0.info.range.upperBound > fileByteCount }
    let end = cut.map(\.info.range.upperBound).max() ?? 0
    guard
      let first = cut.min(by: { $0.info.range.lowerBound < $1.info.range.lowerBound })
    else { return nil }
    return missing(
      end, fileByteCount, ", from this tensor on (\(cut.count) of \(tensors.count))"
    ).located(offset: first.info.range.lowerBound, tensor: first.info.name)
  }

  private static func missing(_ end: Int, _ fileByteCount: Int, _ more: String = "") -> FormatError
  {
    FormatError(
      .truncated,
      "needed bytes up to \(end), the file has \(fileByteCount): "
        + "\(end - fileByteCount) are missing\(more)")
  }

  /// The tensors, in the order of the header.
  private func tensors(_ findings: inout Findings) throws(FormatError) -> [GGUFTensor] {
    var decisions: [UInt32: GGUFTensor.Meaning] = [:]
    var types: [UInt32: StorageType] = [:]
    for id in Set(slots.map(\.record.typeID)) {
      let decision = try GGUFTypeDecision(id, slots, alignment: alignment)
      decisions[id] = decision.meaning
      types[id] = decision.type
    }
    var tensors: [GGUFTensor] = []
    for slot in slots {
      let id = slot.record.typeID
      guard let meaning = decisions[id], let type = types[id] else { continue }
      do throws(FormatError) {
        tensors.append(try tensor(slot, type, meaning))
      } catch {
        guard error.code != .truncated else { throw error.located(tensor: slot.record.name) }
        try findings.report(.ggufRow, error.located(tensor: slot.record.name))
      }
    }
    try checkOverlaps(tensors, &findings)
    return tensors
  }

  private func tensor(
    _ slot: Slot, _ type: StorageType, _ meaning: GGUFTensor.Meaning
  ) throws(FormatError) -> GGUFTensor {
    let record = slot.record
    var end = slot.limit ?? slot.start
    if meaning == .resolved {
      let count = try GGUFSize.byteCount(record.shape, as: type)
      end = try slot.start.adding(count, "the tensor's end")
      try Self.checkEnd(end, of: record.name, fileByteCount: fileByteCount)
    } else if record.shape.contains(0) {
      end = slot.start
    }
    let info = TensorInfo(
      name: record.name, type: type, shape: record.shape, range: slot.start..<end)
    return GGUFTensor(info: info, typeID: record.typeID, meaning: meaning)
  }

  static func checkEnd(
    _ end: Int, of name: String, fileByteCount: Int?
  ) throws(FormatError) {
    guard let fileByteCount, end > fileByteCount else { return }
    throw missing(end, fileByteCount).located(tensor: name)
  }

  private func checkOverlaps(
    _ tensors: [GGUFTensor], _ findings: inout Findings
  ) throws(FormatError) {
    let occupied = tensors.filter { !$0.info.range.isEmpty }
      .sorted { $0.info.range.lowerBound < $1.info.range.lowerBound }
    for (one, other) in zip(occupied, occupied.dropFirst())
    where other.info.range.lowerBound < one.info.range.upperBound {
      try findings.report(
        .ggufOverlap,
        FormatError(
          .malformed,
          "begins within tensor '\(one.info.name.quoted())', which ends at "
            + "\(one.info.range.upperBound)", at: other.info.range.lowerBound
        ).located(tensor: other.info.name))
    }
  }
}
