// The order and the header's text; Specs/safetensors.md §5.
extension SafetensorsPlan {
  /// The tensors, by their numbers, as the reference writes them: the widest type first, so that every
  /// tensor of whole bytes lies at a multiple of its element's size; names in byte order within a
  /// type.
  static func order(
    _ tensors: [Tensor], _ metadata: SafetensorsMetadata
  ) throws(FormatError) -> [Int] {
    var seen = NameSet()
    for entry in metadata.entries where !seen.insert(entry.name) {
      throw FormatError(.usage, "__metadata__ would name '\(entry.name.quoted())' twice")
    }
    seen = NameSet()
    _ = seen.insert(SafetensorsHeader.metadataName)
    var ranks: [Int] = []
    ranks.reserveCapacity(tensors.count)
    for tensor in tensors {
      guard let rank = SafetensorsTypes.inOrder.firstIndex(of: tensor.type) else {
        throw FormatError(.unsupported, "safetensors has no type \(tensor.type.name)")
          .located(tensor: tensor.name)
      }
      guard seen.insert(tensor.name) else {
        throw FormatError(.usage, "the file would hold two members of this name")
          .located(tensor: tensor.name)
      }
      try checkLimits(tensor)
      ranks.append(rank)
    }
    return tensors.indices.sorted { left, right in
      ranks[left] != ranks[right]
        ? ranks[left] > ranks[right]
        : tensors[left].name.utf8.lexicographicallyPrecedes(tensors[right].name.utf8)
    }
  }

  /// The header's bytes, of tensors whose ranges count from the start of the data.
  static func header(
    _ tensors: [TensorInfo], _ metadata: SafetensorsMetadata
  ) throws(FormatError) -> [UInt8] {
    // Its length goes in front when it is known: a header may have megabytes.
    var json = JSONWriter()
    json.raw(String(repeating: " ", count: 8))
    json.open("{")
    if !metadata.entries.isEmpty {
      json.name(SafetensorsHeader.metadataName, isFirst: true)
      json.write(.object(metadata.entries.map { JSONValue.Member($0.name, .string($0.value)) }))
    }
    for (index, tensor) in tensors.enumerated() {
      json.name(tensor.name, isFirst: index == 0 && metadata.entries.isEmpty)
      json.raw("{\"dtype\":\"\(tensor.type.name)\",\"shape\":[")
      json.raw(tensor.shape.map(String.init).joined(separator: ","))
      json.raw("],\"data_offsets\":[\(tensor.range.lowerBound),\(tensor.range.upperBound)]}")
    }
    json.close("}", isEmpty: tensors.isEmpty && metadata.entries.isEmpty)

    var header = json.bytes
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    let (count, limit) = (header.count - 8, Limit.safetensorsHeader.standard)
    guard count <= limit else {
      throw Limit.exceededInWriting("the header would have \(count) bytes", limit)
    }
    header.withMutableBytes { $0.store(UInt64(count), at: 0) }
    return header
  }

  private static func checkLimits(_ tensor: Tensor) throws(FormatError) {
    let length = tensor.name.utf8.count
    guard length <= Limit.safetensorsNameLength.standard else {
      throw Limit.exceededInWriting(
        "a tensor's name has \(length) bytes", Limit.safetensorsNameLength.standard)
    }
    guard tensor.shape.count <= Limit.safetensorsRank.standard else {
      throw Limit.exceededInWriting(
        "the shape has \(tensor.shape.count) sizes", Limit.safetensorsRank.standard
      ).located(tensor: tensor.name)
    }
  }
}
