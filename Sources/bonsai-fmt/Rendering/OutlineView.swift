import Formats

/// A conversion that has not been done, as text and as a document.
struct OutlineView {
  let outline: ConversionOutline
  /// What the weights refuse, where they were read.
  let refusals: [ConversionRefusal]?
  let input: String
  let output: String
  var compression: Compression?

  /// Whether the conversion cannot be done.
  var isRefused: Bool { refusals?.contains { $0.consequence == .refused } ?? false }

  var json: JSONValue {
    let refused = refusals.map { JSONValue.array($0.map(\.json)) } ?? .null
    let compression = compression.map { JSONValue.string($0.description) } ?? .null
    return .object(
      outline.members + [.init("compression", compression), .init("refusals", refused)])
  }

  func lines(width: Int, _ style: Style) -> [String] {
    var lines = [
      style.heading("\(input.escapedForDisplay) -> \(output.escapedForDisplay), nothing is written")
    ]
    lines += ways(width, style) + [""] + files(width, style) + [""]
    if let free = outline.freeByteCount {
      let needed = Quantity.bytes(outline.neededByteCount)
      lines.append("disk: \(needed) needed, \(Quantity.bytes(free)) free")
    }
    lines += [
      "memory: at most \(Quantity.bytes(outline.peakMemoryByteCount))" + window,
      "threads: \(outline.threadCount)"
        + (outline.shortage.map { " of \($0.wanted), \($0.wayOut)" } ?? ""),
    ]
    if let compression { lines.append("compression: \(compression.description)") }
    if outline.allowsRounding {
      lines.append("rounding: allowed, of dense weights that have no exact form")
    }
    lines += outline.notes.map { "note: \($0.escapedForDisplay)" }
    return lines + scanLines
  }

  private var window: String {
    outline.windowByteCount == 0
      ? "" : ", \(Quantity.bytes(outline.windowByteCount)) of it the window of the zstd frames"
  }

  private func ways(_ width: Int, _ style: Style) -> [String] {
    var table = Table([
      .text("route"), .text("kind"), .number("tensors"), .number("weights"), .text("exactness"),
      .text("may refuse"),
    ])
    for way in outline.ways {
      table.add([
        way.route.layouts.map(\.name.escapedForDisplay).joined(separator: " -> "), way.kind,
        Quantity.grouped(way.tensorCount), Quantity.grouped(way.weightCount),
        way.route.steps.isEmpty ? "moved" : way.route.exactness.name,
        way.route.mayRefuse ? "yes" : "no",
      ])
    }
    return table.lines(width: width, style: style)
  }

  private func files(_ width: Int, _ style: Style) -> [String] {
    var table = Table([.text("file"), .number("bytes")])
    for file in outline.files {
      let most = file.largestByteCount.map { "at most \(Quantity.grouped($0))" }
      table.add([
        file.name.escapedForDisplay,
        file.byteCount.map(Quantity.grouped) ?? most ?? "after the proof",
      ])
    }
    return table.lines(width: width, style: style)
  }

  private var scanLines: [String] {
    guard let refusals else { return [] }
    let lines = refusals.map { refusal in
      "\(refusal.consequence.name): \(refusal.first.description.escapedForDisplay)"
        + (refusal.count > 1 ? "; \(Quantity.grouped(refusal.count)) like that" : "")
        + refusal.consequence.figures
    }
    return lines + [
      lines.isEmpty
        ? "scanned: every weight has an exact form"
        : "scanned: \(lines.count == 1 ? "1 tensor has" : "\(lines.count) tensors have") weights "
          + "without an exact form"
    ]
  }
}

extension ConversionRefusal.Consequence {
  fileprivate var name: String {
    switch self {
    case .refused: "refused"
    case .kept: "kept"
    case .rounded: "rounded"
    case .tolerated: "tolerated"
    }
  }

  fileprivate var figures: String {
    guard case .rounded(let rounding) = self else { return "" }
    return "; \(Quantity.grouped(rounding.changedCount)) weights change, by at most "
      + "\(rounding.largestDifference)"
  }
}
