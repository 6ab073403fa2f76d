import Formats

/// An inspection as text: warnings and summary first, then totals, metadata and tensors.
struct InspectionView {
  /// How much of a list is shown.
  enum Detail {
    case none
    /// What is alike in one row, long texts cut.
    case summary
    case full
  }

  let inspection: Inspection
  var metadata = Detail.summary
  var tensors = Detail.summary
  var showsParts = false
  let width: Int
  /// Whether names are shortened to the width; not for a pipe, through which somebody may search.
  let shortensNames: Bool
  let style: Style

  var tableWidth: Int? { shortensNames ? width : nil }

  /// Hands out the lines.
  func write(_ emit: (String) throws(FormatError) -> Void) throws(FormatError) {
    for line in heading + warnings + [""] + facts { try emit(line) }
    if !inspection.tensors.isEmpty {
      for line in ["", style.heading("Layouts")] + totals { try emit(line) }
    }
    if metadata != .none && !inspection.metadata.isEmpty {
      try emit("")
      try emit(style.heading("Metadata (\(inspection.metadata.count))"))
      try writeMetadata(emit)
    }
    if tensors != .none && !inspection.tensors.isEmpty {
      try emit("")
      try emit(style.heading("Tensors (\(Quantity.grouped(inspection.tensors.count)))"))
      try writeTensors(emit)
    }
  }

  private var heading: [String] {
    var parts = [form]
    if inspection.files.count > 1 { parts.append("\(inspection.files.count) files") }
    let access = inspection.files.map(\.access)
    if access.contains(.forward) {
      parts.append("zstd without a seek table")
    } else if access.contains(.once) {
      parts.append("of unknown length")
    } else {
      parts.append(Quantity.bytes(inspection.byteCount))
      if access.contains(.framed) { parts.append("zstd with a seek table") }
    }
    return [
      style.heading(inspection.path.escapedForDisplay.shortenedInTheMiddle(to: width)),
      parts.joined(separator: ", "),
    ]
  }

  private var form: String {
    switch inspection.form {
    case .gguf:
      guard let gguf = inspection.gguf else { return "GGUF" }
      return "GGUF version \(gguf.version), \(gguf.isBigEndian ? "big" : "little")-endian"
    case .safetensors: return "safetensors file without a configuration"
    case .dense: return "Hugging Face directory, dense"
    case .awq: return "Hugging Face directory, AWQ"
    case .mlx: return "MLX directory"
    }
  }

  private var warnings: [String] {
    inspection.warnings.flatMap { warning in
      let lines = warning.message.escapedForDisplay.wrapped(to: width - 9)
      return lines.enumerated().map { index, line in
        (index == 0 ? style.warning("warning: ") : "         ") + line
      }
    }
  }

  private var totals: [String] {
    var table = Table([
      .text("layout"), .number("tensors"), .number("weights"), .number("bytes"),
      .number("bits/weight"),
    ])
    func add(_ name: String, _ total: Inspection.Total, isSecondary: Bool = false) {
      let bits = total.bitsPerWeight.map { Quantity.decimal($0, places: 3) } ?? "–"
      table.add(
        [
          name, Quantity.grouped(total.tensorCount), Quantity.grouped(total.weightCount),
          Quantity.bytes(total.byteCount), bits,
        ], isSecondary: isSecondary)
    }
    for facts in inspection.layouts { add(facts.layout.name.escapedForDisplay, facts.total) }
    add("all", inspection.total)
    add("all but embeddings", inspection.totalWithoutEmbeddings)
    return table.lines(width: tableWidth, style: style) + meanings
  }

  /// What the layouts mean, below the table.
  private var meanings: [String] {
    inspection.layouts.flatMap { facts -> [String] in
      guard let meaning = facts.layout.meaning else { return [] }
      let name = "  \(facts.layout.name.escapedForDisplay)  "
      let lines = meaning.wrapped(to: max(width - name.columnCount, 20))
      return lines.enumerated().map { index, line in
        style.secondary((index == 0 ? name : "".padded(to: name.columnCount)) + line)
      }
    }
  }
}
