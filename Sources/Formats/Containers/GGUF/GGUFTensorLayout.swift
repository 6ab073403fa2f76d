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

  /// The tensors, in the order of the header.
  func tensors() throws(FormatError) -> [GGUFTensor] {
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
      tensors.append(
        try locating(tensor: slot.record.name) { () throws(FormatError) in
          try tensor(slot, type, meaning)
        })
    }
    try checkOverlaps(tensors)
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
    throw FormatError(
      .truncated,
      "needed bytes up to \(end), the file has \(fileByteCount): "
        + "\(end - fileByteCount) are missing"
    ).located(tensor: name)
  }

  private func checkOverlaps(_ tensors: [GGUFTensor]) throws(FormatError) {
    let occupied = tensors.filter { !$0.info.range.isEmpty }
      .sorted { $0.info.range.lowerBound < $1.info.range.lowerBound }
    for (one, other) in zip(occupied, occupied.dropFirst())
    where other.info.range.lowerBound < one.info.range.upperBound {
      throw FormatError(
        .malformed,
        "begins within tensor '\(one.info.name.quoted())', which ends at "
          + "\(one.info.range.upperBound)", at: other.info.range.lowerBound
      ).located(tensor: other.info.name)
    }
  }
}
