extension TargetPlan {
  /// What the layout of each tensor is chosen by.
  struct Choosing {
    let source: ConversionSource
    let target: ConversionTarget
    let options: ConversionOptions
    /// The model's shape, where names cross from GGUF to Hugging Face or back.
    let config: ModelConfig?
    private let findings: [ByteString: Finding]

    init(
      source: ConversionSource, target: ConversionTarget, options: ConversionOptions,
      findings: [ByteString: Finding]
    ) throws(FormatError) {
      self.source = source
      self.target = target
      self.options = options
      self.findings = findings
      let crosses = target.isGGUF != (source.model.form == .gguf)
      config = crosses ? try source.config() : nil
    }

    /// The layout that a tensor's role asks for; its own where it goes along as it is.
    func wantedLayout(of tensor: Tensor, _ role: ConversionTarget.TensorRole) -> Layout {
      // What is no weight of any known type goes along as it is.
      let isForeign = tensor.layout.groupSize == nil && !Layouts.all.contains(tensor.layout)
      let stays = role == .vector && config == nil && (target.isGGUF || isForeign)
      return stays ? tensor.layout : target.layout(of: role)
    }

    /// Whether weights stay quantized that would not be so in a matrix.
    func leavesQuantized(_ tensor: Tensor, _ role: ConversionTarget.TensorRole) -> Bool {
      tensor.layout.groupSize != nil && wantedLayout(of: tensor, role) == tensor.layout
        && target.layout(of: .linear) != tensor.layout
    }

    /// Whether the output has a place for quantized weights of the source that nothing converts.
    var keepsLayouts: Bool {
      let form = source.model.form
      return form == .gguf && target.isGGUF || form == .mlx && target == .mlx
    }

    /// What is known of a tensor's values, or can be seen at once.
    func finding(
      _ tensor: Tensor, _ wanted: Layout, _ role: ConversionTarget.TensorRole
    ) throws(FormatError) -> Finding? {
      if let known = findings[ByteString(tensor.name)] { return known }
      return try look(at: tensor, wanted: wanted, role)
    }

    /// Small dense tensors (norms) are looked at now; of large ones the ordinary case is assumed, and
    /// the first value that refutes it leads to another plan.
    private func look(
      at tensor: Tensor, wanted: Layout, _ role: ConversionTarget.TensorRole
    ) throws(FormatError) -> Finding? {
      let model = source.model
      // A stream shows its weights once, when they are converted.
      guard !model.isPassing, wanted == .f16, role != .linear,
        tensor.layout == .f32 || tensor.layout == .bf16,
        tensor.elementCount <= TargetPlan.smallCount
      else { return nil }
      let rounds = options.allowsRounding && !options.isStrict
      let tensor = rounds ? try tensor.rounded(for: wanted) : tensor
      var buffers = TileBuffers()
      let tally = try TileFeed(tensor, model.reader, as: wanted)
        .tally(tensor.matrix.whole, &buffers)
      guard rounds else {
        return tally.firstRefusal.map { .kept($0, count: tally.refusedCount) }
      }
      try locating(tensor: tensor.name) { () throws(FormatError) in try tally.check() }
      return tally.rounding.changedCount > 0 ? .rounded(tally.rounding) : nil
    }
  }

  /// Elements of a tensor that is read for a look: norms have some thousands.
  static let smallCount = 1 << 18
}
