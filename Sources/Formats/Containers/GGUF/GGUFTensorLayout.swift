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

  private let records: [GGUFTensorRecord]
  /// For each tensor, where the next one in the data begins; `Int.max` for the last.
  private let nexts: [Int]
  private let dataOffset: Int
  private let alignment: Int
  private let fileByteCount: Int?

  init(
    _ records: [GGUFTensorRecord], dataOffset: Int, alignment: Int, fileByteCount: Int?
  ) throws(FormatError) {
    self.records = records
    self.dataOffset = dataOffset
    self.alignment = alignment
    // Empty tensors may stand at the start of data that is not there, not even as padding.
    self.fileByteCount = fileByteCount.map { max($0, dataOffset) }
    for record in records {
      let start = try dataOffset.adding(
        record.offset, "the start of tensor '\(record.name.quotedName)'")
      try Self.checkEnd(start, of: record.name, fileByteCount: self.fileByteCount)
    }
    nexts = Self.nexts(records, dataOffset: dataOffset)
  }

  private static func nexts(_ records: [GGUFTensorRecord], dataOffset: Int) -> [Int] {
    let order = records.indices.sorted { records[$0].offset < records[$1].offset }
    var nexts = [Int](repeating: .max, count: records.count)
    // From the end: several tensors can begin at one place, where only the last can be no empty one.
    var (start, next) = (Int.max, Int.max)
    for index in order.reversed() {
      let own = dataOffset + records[index].offset
      if own != start { (start, next) = (own, start) }
      nexts[index] = next
    }
    return nexts
  }

  /// The tensors in the order of the header, made one by one.
  var slots: some Sequence<Slot> { records.indices.lazy.map { slot($0) } }

  private func slot(_ index: Int) -> Slot {
    let isLast = nexts[index] == .max
    return Slot(
      record: records[index], start: dataOffset + records[index].offset,
      limit: isLast ? fileByteCount : nexts[index], isLast: isLast)
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
    let decisions = try GGUFTypeDecision.all(slots, alignment: alignment)
    var tensors: [GGUFTensor] = []
    tensors.reserveCapacity(records.count)
    for slot in slots {
      let decision = decisions[slot.record.typeID] ?? .other
      do throws(FormatError) {
        tensors.append(try tensor(slot, decision.type, decision.meaning))
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
    let occupied = tensors.indices.filter { !tensors[$0].info.range.isEmpty }
      .sorted { tensors[$0].info.range.lowerBound < tensors[$1].info.range.lowerBound }
    for (index, next) in zip(occupied, occupied.dropFirst())
    where tensors[next].info.range.lowerBound < tensors[index].info.range.upperBound {
      let (one, other) = (tensors[index], tensors[next])
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
