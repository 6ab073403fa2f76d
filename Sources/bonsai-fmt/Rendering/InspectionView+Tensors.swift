import Formats

// Tensors: layers that are alike in one row, or every weight by itself, with its parts when asked.

extension InspectionView {
  /// Hands out the lines one by one: there can be 100,000 of them.
  func writeTensors(_ emit: (String) throws(FormatError) -> Void) throws(FormatError) {
    guard showsParts || tensors == .full else { return try writeGroups(emit) }
    if inspection.files.count > 1 {
      for line in fileLines { try emit(line) }
    }
    let table = Table([
      .text("name"), .number("shape"), .text("layout"), .number("bytes"), .number("offset"),
    ])
    try table.write(
      listing, width: tableWidth, style: style, fill: { item, row in fill(item, &row) }, emit)
  }

  /// Where there is room, the names that Hugging Face repositories have for a GGUF file's tensors.
  private var showsHuggingFaceNames: Bool { width >= 120 && inspection.gguf != nil }

  private func writeGroups(_ emit: (String) throws(FormatError) -> Void) throws(FormatError) {
    var columns: [Table.Column] = [
      .text("name"), .text("layers"), .number("shape"), .text("layout"), .number("bytes"),
    ]
    if showsHuggingFaceNames { columns.append(.text("Hugging Face")) }
    try Table(columns).write(
      TensorGroup.all(inspection.tensors), width: tableWidth, style: style,
      fill: { group, row in
        let facts = inspection.tensors[group.first]
        row.add(group.name(facts.tensor.name).escapedForDisplay)
        row.add(group.layerRanges)
        row.add(shape: facts.tensor.shape)
        row.add(facts.tensor.layout.name.escapedForDisplay)
        row.add(Quantity.bytes(group.byteCount))
        if showsHuggingFaceNames {
          row.add(facts.huggingFaceName.map(TensorGroup.name) ?? "")
        }
      }, emit)
  }

  /// A weight, or the stored array of that number of it.
  private typealias Item = (tensor: Tensor, part: Int?)

  /// Every weight, with its stored arrays where they are wanted and it has several.
  private var listing: some Sequence<Item> {
    inspection.tensors.lazy.flatMap { [showsParts] facts in
      let tensor = facts.tensor
      let partCount = showsParts && tensor.parts.count > 1 ? tensor.parts.count : 0
      return (-1..<partCount).lazy.map { Item(tensor, $0 < 0 ? nil : $0) }
    }
  }

  private func fill(_ item: Item, _ row: inout TableRow) {
    let tensor = item.tensor
    if let part = item.part {
      let info = tensor.parts[part].info
      row.isSecondary = true
      row.add("  ." + tensor.layout.parts[part].suffix)
      row.add(shape: info.shape)
      row.add(info.type.name.escapedForDisplay)
      row.add(grouped: info.range.count)
      add(tensor.parts[part], to: &row)
    } else {
      row.add(tensor.name.escapedForDisplay)
      row.add(shape: tensor.shape)
      row.add(tensor.layout.name.escapedForDisplay)
      row.add(grouped: tensor.byteCount)
      if tensor.parts.count == 1 {
        add(tensor.parts[0], to: &row)
      } else {
        row.add("\(tensor.parts.count) parts")
      }
    }
  }

  /// The files by the numbers that offsets are given with.
  private var fileLines: [String] {
    inspection.files.enumerated().map { index, file in
      style.secondary("  file \(index + 1): \(file.name.escapedForDisplay)")
    }
  }

  /// Adds where a part lies: the offset in its file, with the file's number where there are several.
  private func add(_ part: StoredPart, to row: inout TableRow) {
    let offset = part.info.range.lowerBound
    guard inspection.files.count > 1 else { return row.add(grouped: offset) }
    row.add("\(part.file + 1): \(Quantity.grouped(offset))")
  }
}
