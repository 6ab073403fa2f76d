extension TargetPlan {
  /// Plans an AWQ directory: linear weights of the layers as AWQ, everything else dense F16.
  ///
  /// - Parameters:
  ///   - model: A GGUF model of the architecture of `config`.
  ///   - config: What its metadata says.
  ///   - keeps: Names of dense tensors that were found not to be exact in F16; they stay as they are.
  /// - Throws: `unsupported` for a tensor with no exact way into its place.
  static func awq(
    _ model: Model, _ config: ModelConfig, keeping keeps: Set<ByteString>
  ) throws(FormatError) -> TargetPlan {
    var plan = TargetPlan(entries: [])
    for source in model.tensors {
      guard let match = config.names.match(gguf: source.name) else { continue }
      let isLinear = match.layer != nil && source.shape.count == 2
      let name = match.row.huggingFace.name(layer: match.layer)
      var layout = isLinear ? Layout.awq : .f16
      var isExact = !keeps.contains(ByteString(source.name))
      if !isLinear && isExact { isExact = try isExactInF16(source, model) }
      if !isExact {
        layout = source.layout
        plan.notes.append("\(name) stays \(layout.name): its values are not exact in F16")
      }
      try checkRoute(source, to: layout)
      plan.entries.append(Entry(source: source, name: name, layout: layout))
    }
    plan.leaveDenseWhatDoesNotFit(config.names)
    plan.sortLikeAModel(config.names)
    return plan
  }

  /// Small dense tensors (norms) are looked at now; of large ones the ordinary case is assumed, and
  /// the first value that refutes it leads to another plan.
  private static func isExactInF16(
    _ tensor: Tensor, _ model: Model
  ) throws(FormatError) -> Bool {
    guard tensor.layout == .f32 || tensor.layout == .bf16, tensor.elementCount <= smallCount else {
      return true
    }
    let count = Layout.f16.byteCount(of: tensor.matrix)
    var buffer = [UInt8](repeating: 0, count: count)
    do throws(FormatError) {
      try buffer.withMutableBytes { (span) throws(FormatError) in
        try model.read(tensor, as: .f16, into: &span)
      }
      return true
    } catch  where error.code == .notExact {
      return false
    } catch {
      throw error
    }
  }

  /// Elements of a tensor that is read for a look: norms have some thousands.
  static let smallCount = 1 << 18

  private static func checkRoute(_ source: Tensor, to layout: Layout) throws(FormatError) {
    do {
      _ = try ConversionGraph.standard.route(from: source.layout, to: layout)
    } catch {
      throw FormatError(
        .unsupported,
        "its type is \(source.layout.name), and only Q1_0 and dense types convert without loss; "
          + "'llama-quantize --pure' keeps every matrix in Q1_0"
      ).located(tensor: source.name)
    }
  }

  /// Engines fuse q, k and v, and gate and up, and want one layout for all of them.
  private mutating func leaveDenseWhatDoesNotFit(_ names: NameTable) {
    var dense: Set<ByteString> = []
    for entry in entries where entry.layout == .awq && !entry.layout.fits(entry.source.matrix) {
      dense.insert(ByteString(entry.name))
      for sibling in names.fusedSiblings(huggingFace: entry.name) {
        dense.insert(ByteString(sibling))
      }
      notes.append(
        "\(entry.name) stays F16 with what is fused with it: \(entry.source.shape) is not a "
          + "multiple of [8, 128]")
    }
    for index in entries.indices where dense.contains(ByteString(entries[index].name)) {
      entries[index].layout = .f16
      if let module = entries[index].name.dropping(suffix: ".weight") {
        unconverted.append(module)
      }
    }
  }

  private mutating func sortLikeAModel(_ names: NameTable) {
    let keys = entries.map { entry -> (Int, NaturalKey) in
      let group =
        switch entry.name {
        case "model.embed_tokens.weight": 0
        case "model.norm.weight": 2
        case "lm_head.weight": 3
        default: 1
        }
      return (group, NaturalKey(entry.name))
    }
    entries = entries.indices.sorted { keys[$0] < keys[$1] }.map { entries[$0] }
  }
}
