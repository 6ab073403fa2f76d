/// What a type number means in one file; Specs/gguf.md §6 and §7.
///
/// Two numbers mean two things each. Which one, the sizes between the offsets say: all tensors of
/// that number must agree with one meaning and with no other. Nothing is ever guessed.
struct GGUFTypeDecision {
  let meaning: GGUFTensor.Meaning
  let type: StorageType

  /// So many types that nobody knows have a name of their own: a file could have one for each tensor.
  static let mostUnknown = 64
  /// What is said of all the others.
  static let other = GGUFTypeDecision(meaning: .unknown, type: .unsized("other unknown types"))

  /// What the numbers of a file mean, but for those that are ``other``.
  static func all(
    _ slots: some Sequence<GGUFTensorLayout.Slot>, alignment: Int
  ) throws(FormatError) -> [UInt32: GGUFTypeDecision] {
    var decisions: [UInt32: GGUFTypeDecision] = [:]
    var unknownCount = 0
    for id in Set(slots.lazy.map(\.record.typeID)).sorted() {
      if GGMLType.of(id) == nil { unknownCount += 1 }
      guard GGMLType.of(id) != nil || unknownCount <= mostUnknown else { continue }
      decisions[id] = try GGUFTypeDecision(id, slots, alignment: alignment)
    }
    return decisions
  }

  private init(meaning: GGUFTensor.Meaning, type: StorageType) {
    self.meaning = meaning
    self.type = type
  }

  init(
    _ id: UInt32, _ slots: some Sequence<GGUFTensorLayout.Slot>, alignment: Int
  ) throws(FormatError) {
    let known = GGMLType.of(id)
    let readings = known?.readings ?? []
    guard readings.count > 1 else {
      meaning = readings.isEmpty ? .unknown : .resolved
      type = readings.first ?? .unsized(known?.name ?? "type \(id)")
      return
    }
    let witnesses = slots.filter { $0.record.typeID == id }
    let fitting = try Self.fitting(readings, witnesses, alignment)
    switch fitting.count {
    case 0:
      meaning = .unknown
      type = .unsized("type \(id)")
    case 1:
      meaning = .resolved
      type = fitting[0]
    default:
      meaning = .ambiguous(fitting)
      type = .unsized(fitting.map(\.name).joined(separator: " or "))
    }
  }

  private static func fitting(
    _ readings: [StorageType], _ witnesses: [GGUFTensorLayout.Slot], _ alignment: Int
  ) throws(FormatError) -> [StorageType] {
    let inner = readings.filter { reading in
      witnesses.allSatisfy { $0.isLast || $0.fits(reading, alignment) }
    }
    let last = witnesses.filter(\.isLast)
    let fitting = inner.filter { reading in last.allSatisfy { $0.fits(reading, alignment) } }
    guard fitting.isEmpty else { return fitting }
    // A tensor that is too short for everything that the others leave open is a cut file, not an
    // unknown type.
    for slot in last {
      let sizes = inner.compactMap { try? GGUFSize.byteCount(slot.record.shape, as: $0) }
      guard let limit = slot.limit, let least = sizes.min(), limit - slot.start < least else {
        continue
      }
      let end = try slot.start.adding(least, "the end of tensor '\(slot.record.name.quotedName)'")
      try GGUFTensorLayout.checkEnd(end, of: slot.record.name, fileByteCount: limit)
    }
    return []
  }
}

extension GGUFTensorLayout.Slot {
  /// Whether the room up to the next tensor is just what a type takes, padding included.
  fileprivate func fits(_ type: StorageType, _ alignment: Int) -> Bool {
    guard let count = try? GGUFSize.byteCount(record.shape, as: type) else { return false }
    // A stream does not say where its last tensor ends, an empty one where it begins.
    guard let limit, count > 0 else { return true }
    guard let padded = try? count.aligned(to: alignment, "padding") else { return false }
    let room = limit - start
    return isLast ? (count...padded).contains(room) : room == padded
  }
}

extension StorageType {
  /// A type of unknown size: blocks of one element, so that nobody divides by zero, and no bytes.
  static func unsized(_ name: String) -> StorageType { StorageType(name, blockByteCount: 0) }
}
