import Formats

// Tensors: layers that are alike in one row, or every weight by itself, with its parts when asked.

extension InspectionView {
  var tensorLines: [String] {
    showsParts || tensors == .full ? everyTensor : groupedTensors
  }

  /// Where there is room, the names that Hugging Face repositories have for a GGUF file's tensors.
  private var showsHuggingFaceNames: Bool { width >= 120 && inspection.gguf != nil }

  private var groupedTensors: [String] {
    var columns: [Table.Column] = [
      .text("name"), .text("layers"), .number("shape"), .text("layout"), .number("bytes"),
    ]
    if showsHuggingFaceNames { columns.append(.text("Hugging Face")) }
    var table = Table(columns)
    for group in TensorGroup.all(inspection.tensors) {
      var cells = [
        group.name.escapedForDisplay, group.layerRanges, Self.text(group.shape),
        group.layout.name.escapedForDisplay, Quantity.bytes(group.byteCount),
      ]
      if showsHuggingFaceNames { cells.append(group.huggingFaceName ?? "") }
      table.add(cells)
    }
    return table.lines(width: tableWidth, style: style)
  }

  private var everyTensor: [String] {
    var table = Table([
      .text("name"), .number("shape"), .text("layout"), .number("bytes"), .number("offset"),
    ])
    for tensor in inspection.tensors.map(\.tensor) {
      table.add([
        tensor.name.escapedForDisplay, Self.text(tensor.shape),
        tensor.layout.name.escapedForDisplay, Quantity.grouped(tensor.byteCount),
        tensor.parts.count == 1 ? place(tensor.parts[0]) : "\(tensor.parts.count) parts",
      ])
      guard showsParts && tensor.parts.count > 1 else { continue }
      for (part, stored) in zip(tensor.layout.parts, tensor.parts) {
        let info = stored.info
        table.add(
          [
            "  ." + part.suffix, Self.text(info.shape), info.type.name.escapedForDisplay,
            Quantity.grouped(info.range.count), place(stored),
          ], isSecondary: true)
      }
    }
    return (inspection.files.count > 1 ? fileLines : [])
      + table.lines(width: tableWidth, style: style)
  }

  /// The files by the numbers that offsets are given with.
  private var fileLines: [String] {
    inspection.files.enumerated().map { index, file in
      style.secondary("  file \(index + 1): \(file.name.escapedForDisplay)")
    }
  }

  /// Where a part lies: the offset in its file, with the file's number where there are several.
  private func place(_ part: StoredPart) -> String {
    let offset = Quantity.grouped(part.info.range.lowerBound)
    return inspection.files.count > 1 ? "\(part.file + 1): \(offset)" : offset
  }

  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " × ")
  }
}
