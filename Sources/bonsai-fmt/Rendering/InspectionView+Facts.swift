import Formats

// The block of labelled facts below the warnings.

extension InspectionView {
  /// The columns that a label takes.
  private static let labelWidth = 19

  var facts: [String] {
    let facts = inspection.architecture
    var lines: [String] = []
    func add(_ label: String, _ text: String?) {
      guard let text, !text.isEmpty else { return }
      let wrapped = text.wrapped(to: max(width - Self.labelWidth, 20))
      for (index, line) in wrapped.enumerated() {
        let label = (index == 0 ? "  " + label : "").padded(to: Self.labelWidth)
        lines.append(style.secondary(label) + line)
      }
    }
    let names = [facts.name ?? "not known"] + (facts.modelName.map { ["(\($0.quoted()))"] } ?? [])
    add("architecture", names.joined(separator: " ").quoted(upTo: 160))
    let weights = inspection.total.weightCount
    add("parameters", weights > 0 ? Quantity.count(weights) : nil)
    add("layers", layers)
    add("attention", attention)
    add("vocabulary", vocabulary)
    add("context", facts.contextLength.map { Quantity.counted($0, "token") })
    add("chat template", chatTemplate)
    add("zero points", zeroPoints)
    for (label, text) in serving { add(label, text) }
    return lines
  }

  private var layers: String? {
    let facts = inspection.architecture
    guard let count = facts.layerCount else { return nil }
    var parts = ["\(count)"]
    if let hidden = facts.hiddenSize { parts.append("hidden size \(Quantity.grouped(hidden))") }
    if let size = facts.intermediateSize { parts.append("feed-forward \(Quantity.grouped(size))") }
    return parts.joined(separator: ", ")
  }

  private var attention: String? {
    let facts = inspection.architecture
    guard let heads = facts.headCount else { return nil }
    let size = facts.headDimension.map { " of \($0)" } ?? ""
    let shared = facts.keyValueHeadCount.map { ", \($0) for keys and values" } ?? ""
    return "\(Quantity.counted(heads, "head"))\(size)\(shared)"
  }

  private var vocabulary: String? {
    let facts = inspection.architecture
    guard let size = facts.vocabularySize else { return nil }
    let tying = facts.tiesEmbeddings.map { $0 ? ", tied embeddings" : ", untied output" } ?? ""
    return "\(Quantity.counted(size, "token"))\(tying)"
  }

  private var chatTemplate: String? {
    let templates = inspection.chatTemplates
    guard !templates.isEmpty else { return inspection.form == .safetensors ? nil : "none" }
    return templates.map {
      let bytes = Quantity.counted($0.byteCount, "byte")
      return templates.count == 1 ? bytes : "\($0.name.quoted()) \(bytes)"
    }.joined(separator: ", ")
  }

  private var zeroPoints: String? {
    guard !inspection.zeroPoints.isEmpty else { return nil }
    let points = inspection.zeroPoints.map(String.init).joined(separator: ", ")
    return "\(points) in the first group of every weight"
  }

  private var serving: [(label: String, text: String)] {
    guard let serving = inspection.serving else { return [] }
    func text(_ sizes: [Int], _ obstacle: Inspection.ServingFacts.Obstacle?) -> String {
      let fitting = sizes.isEmpty ? "none" : sizes.map(String.init).joined(separator: ", ")
      return fitting + (obstacle.map { "; not \($0.size): \($0.reason)" } ?? "")
    }
    return [
      ("tensor parallel", text(serving.plainSizes, serving.plainObstacle)),
      ("  with Marlin", text(serving.marlinSizes, serving.marlinObstacle)),
    ]
  }
}
