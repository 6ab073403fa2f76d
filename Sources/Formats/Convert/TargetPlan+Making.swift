extension TargetPlan {
  /// Plans an output.
  ///
  /// - Parameters:
  ///   - model: The source; of the architecture of `names`.
  ///   - target: What to make of it.
  ///   - names: The architecture's names.
  ///   - keeps: Names of dense tensors in the source whose values were found to have no exact form
  ///     in their place; they stay as they are.
  /// - Throws: `unsupported` for a tensor with no exact way into its place.
  init(
    of model: Model, as target: ConversionTarget, _ names: NameTable, keeping keeps: Set<ByteString>
  ) throws(FormatError) {
    self.init(entries: [])
    for source in model.tensors {
      guard let match = names.match(source.name, in: model.form) else { continue }
      let side = target.isGGUF ? match.row.gguf : match.row.huggingFace
      let name = side.name(layer: match.layer)
      var layout = target.layout(of: match.role)
      var isExact = !keeps.contains(ByteString(source.name))
      if isExact && layout == .f16 && match.role != .linear {
        isExact = try Self.isExactInF16(source, model)
      }
      if !isExact {
        notes.append(
          "\(name) stays \(source.layout.name): its values are not exact in \(layout.name)")
        layout = source.layout
      }
      try Self.checkRoute(source, to: layout)
      entries.append(Entry(source: source, name: name, layout: layout))
    }
    switch target {
    case .awq: leaveDenseWhatDoesNotFit(names)
    case .fp16, .mlx, .gguf, .ggufF16: break
    }
    if !target.isGGUF {
      sortLikeAModel(names)
    } else if model.form != .gguf {
      sortLikeQuantizer()
    }
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

  /// llama-quantize's order: what has no layer first, then layer by layer, by the bytes of names.
  private mutating func sortLikeQuantizer() {
    let keys = entries.map { entry -> (Int, [UInt8]) in
      let pieces = entry.name.split(separator: ".", maxSplits: 2)
      let layer = pieces.first == "blk" && pieces.count == 3 ? Int(pieces[1]) : nil
      return (layer ?? -1, Array(entry.name.utf8))
    }
    entries = entries.indices.sorted {
      keys[$0].0 != keys[$1].0
        ? keys[$0].0 < keys[$1].0 : keys[$0].1.lexicographicallyPrecedes(keys[$1].1)
    }.map { entries[$0] }
  }
}

extension NameTable {
  /// What a name stands for in a model of that form.
  func match(_ name: String, in form: Model.Form) -> Match? {
    form == .gguf ? match(gguf: name) : match(huggingFace: name)
  }
}
