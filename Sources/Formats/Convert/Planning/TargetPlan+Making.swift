extension TargetPlan {
  /// Plans an output.
  ///
  /// - Parameters:
  ///   - source: What is converted.
  ///   - target: What to make of it.
  ///   - options: How.
  ///   - findings: What is known of dense tensors, by their names in the source, whose values have
  ///     no exact form in their place.
  /// - Throws: `unsupported` for a tensor with no exact way into its place; `notExact` for one that
  ///   may not stay as it is, and has values that cannot even be rounded.
  init(
    of source: ConversionSource, as target: ConversionTarget, _ options: ConversionOptions,
    knowing findings: [ByteString: Finding]
  ) throws(FormatError) {
    self.init(entries: [])
    let (model, names) = (source.model, source.names)
    let choosing = try Choosing(
      source: source, target: target, options: options, findings: findings)
    for tensor in model.tensors {
      try take(tensor, try names.place(of: tensor.name, in: model.form), choosing)
    }
    if !target.isGGUF {
      notes += source.ignoredKeys.map {
        "'\($0.quoted())' has no place in config.json and is left out"
      }
    }
    notes += omitted.map { "\($0.quotedName) is left out: it is the embedding once more" }
    if target == .awq { leaveDenseWhatDoesNotFit(names) }
    try checkComplete(entries.lazy.map(\.source), of: model)
    sort(names, target, from: model.form)
    try round()
  }

  /// Gives a tensor its name and its layout.
  private mutating func take(
    _ tensor: Tensor, _ match: NameTable.Match, _ choosing: Choosing
  ) throws(FormatError) {
    let (source, target) = (choosing.source, choosing.target)
    let side = target.isGGUF ? match.row.gguf : match.row.huggingFace
    let name = side.name(layer: match.layer)
    // Hugging Face's own way to say that the output matrix is the embedding is not to store it.
    if source.repeatsEmbedding && !target.isGGUF && name == "lm_head.weight" {
      omitted.append(tensor.name)
      return
    }
    let role = match.role(tensor.shape)
    let wanted = choosing.wantedLayout(of: tensor, role)
    let finding = try choosing.finding(tensor, wanted, role)
    let layout = Self.layout(of: tensor, wanted: wanted, finding, mayStay: choosing.keepsLayouts)
    if layout != wanted || choosing.leavesQuantized(tensor, role) {
      let reason = Self.reason(tensor, wanted, finding)
      guard !choosing.options.isStrict else {
        throw FormatError(.notExact, "\(reason), and nothing else is allowed")
          .located(tensor: tensor.name)
      }
      notes.append("\(name.quotedName) stays \(layout.name.quoted()): \(reason)")
      if target == .awq, role == .linear { notConverted(name, source.names) }
    }
    var mapped = tensor
    if let config = choosing.config {
      mapped.rowMap = RowMap(match.row.rowOrder, config, toGGUF: target.isGGUF)
    }
    try Self.checkRoute(mapped, to: layout, isGGUF: source.model.form == .gguf)
    entries.append(Entry(source: mapped, name: name, layout: layout, finding: finding))
  }

  private mutating func sort(
    _ names: NameTable, _ target: ConversionTarget, from form: Model.Form
  ) {
    if !target.isGGUF {
      sortLikeAModel(names)
    } else if form != .gguf || entries.contains(where: { $0.layout != $0.source.layout }) {
      sortLikeQuantizer()
    }
  }

  /// The layout wanted, or the tensor's own where its values have no exact form in that.
  private static func layout(
    of tensor: Tensor, wanted: Layout, _ finding: Finding?, mayStay: Bool
  ) -> Layout {
    if case .kept? = finding { return tensor.layout }
    if mayStay, tensor.layout.groupSize != nil, !hasRoute(tensor, to: wanted) {
      return tensor.layout
    }
    // AWQ leaves dense what is fused with such a matrix as well, when all are known.
    return wanted.fits(tensor.matrix) || wanted.isTransposed ? wanted : tensor.layout
  }

  /// Gives the sources their way, now that no layout changes any more.
  private mutating func round() throws(FormatError) {
    for index in entries.indices {
      guard case .rounded? = entries[index].finding else { continue }
      entries[index].source = try entries[index].source.rounded(for: entries[index].layout)
    }
    notes += roundedTensors.map(\.note)
  }

  private static func hasRoute(_ tensor: Tensor, to layout: Layout) -> Bool {
    (try? ConversionGraph.standard.route(from: tensor.layout, to: layout)) != nil
  }

  private static func reason(
    _ tensor: Tensor, _ layout: Layout, _ finding: Finding?
  ) -> String {
    if case .kept(let refusal, let count)? = finding {
      return refusal.reasonWithPlace(of: count, in: tensor)
    }
    if tensor.layout == layout { return "\(tensor.shape) is not known as a matrix" }
    return hasRoute(tensor, to: layout)
      ? "\(tensor.shape) is not a multiple of [\(layout.rowUnit), \(layout.columnUnit)]"
      : "nothing converts that type exactly into \(layout.name)"
  }

  private static func checkRoute(
    _ source: Tensor, to layout: Layout, isGGUF: Bool
  ) throws(FormatError) {
    do {
      _ = try ConversionGraph.standard.route(from: source.layout, to: layout)
    } catch {
      throw FormatError(
        .unsupported,
        source.layout.whyRecognizedOnly
          + (isGGUF ? "; 'llama-quantize --pure' keeps every matrix in Q1_0" : "")
      ).located(tensor: source.name)
    }
  }

  /// Engines fuse q, k and v, and gate and up, and want one layout for all of them.
  private mutating func leaveDenseWhatDoesNotFit(_ names: NameTable) {
    for entry in entries where entry.layout == .awq && !entry.layout.fits(entry.source.matrix) {
      notConverted(entry.name, names)
      notes.append(
        "\(entry.name.quotedName) stays F16: \(entry.source.shape) is not a multiple of [8, 128]")
    }
    let dense = Set(unconverted.map { ByteString($0 + ".weight") })
    for index in entries.indices
    where entries[index].layout == .awq && dense.contains(ByteString(entries[index].name)) {
      let entry = entries[index]
      if entry.layout.fits(entry.source.matrix) {
        notes.append("\(entry.name.quotedName) stays F16: engines fuse it with one that does")
      }
      entries[index].layout = .f16
    }
  }

  private mutating func notConverted(_ name: String, _ names: NameTable) {
    let siblings = names.fusedSiblings(huggingFace: name)
    for sibling in siblings.isEmpty ? [name] : siblings {
      guard let module = sibling.dropping(suffix: ".weight"), unconvertedNames.insert(module)
      else { continue }
      unconverted.append(module)
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
  /// What a name stands for in a model of that form: all names have a place by now.
  func place(of name: String, in form: Model.Form) throws(FormatError) -> Match {
    guard let match = form == .gguf ? match(gguf: name) : match(huggingFace: name) else {
      throw FormatError(.proofFailed, "the plan has no place for this tensor")
        .located(tensor: name)
    }
    return match
  }
}

extension RowMap {
  /// The map of a tensor that crosses from one side's order to the other's, or `nil` where both have
  /// the same.
  init?(_ order: NameTable.RowOrder, _ config: ModelConfig, toGGUF: Bool) {
    guard case .pairsWithinHeads = order else { return nil }
    self.init(headRows: config.headDimension, separatesPairs: !toGGUF)
  }
}
