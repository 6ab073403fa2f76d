extension Inspection.Warning {
  private typealias Facts = Inspection.TensorFacts

  /// Everything odd about a model, the worst first.
  static func all(
    _ model: Model, _ tensors: [Inspection.TensorFacts],
    _ architecture: Inspection.ArchitectureFacts
  ) -> [Inspection.Warning] {
    rotation(model) + ambiguity(tensors) + unknownTypes(tensors) + forkTypes(tensors)
      + byteOrder(tensors) + mixture(tensors) + fileType(model, tensors)
      + tying(model, tensors, architecture)
  }

  private static func rotation(_ model: Model) -> [Inspection.Warning] {
    let keys = model.gguf?.metadata.entries.filter {
      $0.key.utf8.starts(with: "prism.hadamard.".utf8)
    }
    guard let keys, !keys.isEmpty else { return [] }
    let number = keys.count == 1 ? "1 key" : "\(keys.count) keys"
    return [
      .init(
        id: "rotated-weights",
        message: "the weights are rotated (\(number) prism.hadamard.*): stock engines "
          + "load them and print garbage; conversion refuses them")
    ]
  }

  private static func ambiguity(_ tensors: [Facts]) -> [Inspection.Warning] {
    byType(tensors) { if case .ambiguous = $0.meaning { true } else { false } }.map { id, tensors in
      .init(
        id: "ambiguous-type",
        message: "type \(id) can be \(tensors[0].tensor.layout.name): the sizes of "
          + "\(count(tensors)) agree with both; conversion refuses them")
    }
  }

  /// One for each of them, and one for all that have no name of their own.
  private static func unknownTypes(_ tensors: [Facts]) -> [Inspection.Warning] {
    var groups: [Layout: (ids: Set<UInt32>, total: Inspection.Total)] = [:]
    for tensor in tensors where tensor.meaning == .unknown {
      guard let id = tensor.typeID else { continue }
      groups[tensor.tensor.layout, default: ([], .init([]))].ids.insert(id)
      groups[tensor.tensor.layout]?.total.add(tensor.tensor)
    }
    return groups.values
      .sorted { ($0.ids.count, $0.ids.min() ?? 0) < ($1.ids.count, $1.ids.min() ?? 0) }
      .map { ids, total in
        let what =
          ids.count > 1
          ? "\(ids.count) other types are not known"
          : ids.first.map { "type \($0) \(GGMLType.whyUnknown($0))" } ?? ""
        return .init(
          id: "unknown-type",
          message: "\(what): \(count(total.tensorCount)), \(total.byteCount) bytes with padding; "
            + "conversion refuses them")
      }
  }

  /// Types that only some engines understand, or take for something else.
  private static func forkTypes(_ tensors: [Facts]) -> [Inspection.Warning] {
    byType(tensors) { $0.meaning == .resolved && Self.forkNotes[$0.tensor.layout.name] != nil }
      .map { id, tensors in
        let name = tensors[0].tensor.layout.name
        return .init(
          id: "fork-type",
          message: "type \(id) is \(name) here (\(count(tensors))): \(forkNotes[name] ?? "")")
      }
  }

  private static let forkNotes = [
    "Q1_0_G32": "only an early fork of llama.cpp reads it; stock engines take it for NVFP4",
    "Q2_0_G128": "stock engines take it for Q2_0 in blocks of 64 and refuse the file",
    "PQ2_0": "only PrismML's fork of llama.cpp reads it",
    "PTQ1_0": "only PrismML's fork of llama.cpp reads it",
  ]

  private static func byteOrder(_ tensors: [Facts]) -> [Inspection.Warning] {
    let unreadable = tensors.filter {
      $0.tensor.parts.contains { $0.isBigEndian && !GGUFByteOrder.canSwap($0.info.type) }
    }
    guard let first = unreadable.first else { return [] }
    return [
      .init(
        id: "big-endian",
        message: "\(count(unreadable)) in big-endian \(first.tensor.layout.name) and the like are "
          + "listed, but cannot be read")
    ]
  }

  /// llama-quantize without `--pure` gives the output matrix a type of its own.
  private static func mixture(_ tensors: [Facts]) -> [Inspection.Warning] {
    guard tensors.contains(where: { $0.role == .linear && $0.tensor.layout == .q1_0 }) else {
      return []
    }
    let others = tensors.filter {
      let isDense = $0.tensor.layout.groupSize == nil
      return $0.meaning == .resolved && $0.role != .other && $0.tensor.layout != .q1_0
        && !(isDense && $0.role.isEmbedding)
    }
    guard let first = others.first else { return [] }
    let rest = others.count > 1 ? " and \(others.count - 1) more" : ""
    // Dense ones convert as far as their values allow, or stay as they are.
    let consequence = Layouts.all.contains(first.tensor.layout) ? "" : "; conversion refuses it"
    return [
      .init(
        id: "mixed-types",
        message: "\(first.tensor.name.quotedName)\(rest) is not Q1_0 but "
          + "\(first.tensor.layout.name.quoted()), as "
          + "llama-quantize makes it without --pure\(consequence)")
    ]
  }

  private static func tying(
    _ model: Model, _ tensors: [Facts], _ architecture: Inspection.ArchitectureFacts
  ) -> [Inspection.Warning] {
    guard model.config != nil, let isTied = architecture.tiesEmbeddings,
      tensors.contains(where: { $0.role == .embedding })
    else { return [] }
    let hasOutput = tensors.contains { $0.role == .output }
    guard isTied == hasOutput else { return [] }
    return [
      .init(
        id: "tying",
        message: isTied
          ? "config.json ties the embeddings, and an output matrix is there, which engines ignore"
          : "config.json does not tie the embeddings, and the output matrix is missing")
    ]
  }

  private static func byType(
    _ tensors: [Facts], _ isIncluded: (Facts) -> Bool
  ) -> [(id: UInt32, tensors: [Facts])] {
    Dictionary(grouping: tensors.filter { $0.typeID != nil && isIncluded($0) }) { $0.typeID ?? 0 }
      .map { (id: $0.key, tensors: $0.value) }.sorted { $0.id < $1.id }
  }

  private static func count(_ tensors: [Facts]) -> String { count(tensors.count) }

  private static func count(_ count: Int) -> String {
    count == 1 ? "1 tensor" : "\(count) tensors"
  }
}
