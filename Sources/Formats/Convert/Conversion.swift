/// A conversion of a model into another layout, planned and ready to run.
///
/// Making one reads headers and small tensors; ``run(to:progress:)`` moves the weights.
public struct Conversion: Sendable {
  let model: Model
  /// What it is converted to.
  public let target: ConversionTarget
  let options: ConversionOptions
  let source: ConversionSource
  let plan: TargetPlan
  let tensors: TensorFiles
  let companions: Companions
  /// How many tasks work at once, and on how much each.
  private(set) var size: RunSize
  /// Whether fewer than were asked for.
  private(set) var shortage: ThreadShortage?

  /// Plans a conversion.
  ///
  /// - Parameters:
  ///   - model: The source.
  ///   - target: What to make of it.
  ///   - options: How.
  /// - Throws: ``FormatError`` when the model cannot be converted exactly, as far as that can be
  ///   known without reading its weights.
  public init(
    of model: Model, to target: ConversionTarget, options: ConversionOptions = .init()
  ) throws(FormatError) {
    try self.init(of: model, to: target, options: options, knowing: [:])
  }

  init(
    of model: Model, to target: ConversionTarget, options: ConversionOptions,
    knowing findings: [ByteString: TargetPlan.Finding]
  ) throws(FormatError) {
    self.model = model
    self.target = target
    self.options = options
    size = RunSize(width: options.budget.width)
    do throws(FormatError) {
      // Before a stream is asked for what would not help it.
      try model.checkPartsCanPass()
      source = try ConversionSource(model)
      plan = try TargetPlan(of: source, as: target, options, knowing: findings)
      if target.isGGUF {
        try MemoryBound.checkPlanning(of: source, options.budget)
        tensors = try TensorFiles(
          gguf: plan, metadata: source.ggufMetadata(plan, options), split: options.split)
        companions = .none
      } else {
        tensors = try TensorFiles(
          safetensors: plan, shardByteCount: options.shardByteCount, isMLX: target == .mlx)
        companions = try Companions(source, target.repositoryLayout(plan), plan, options)
      }
      try checkPlan()
      let planned = self
      let bound = { (size: RunSize) throws(FormatError) in try MemoryBound(of: planned, size) }
      size = try options.budget.size(bound)
      shortage = try options.budget.shortage(size, bound)
    } catch {
      throw error.unlessChanged(model.checkUnchanged).located(file: model.path)
    }
  }

  /// Whether the output is a directory; otherwise it is one file.
  var makesDirectory: Bool { !target.isGGUF || options.split != nil }

  var outputKind: OutputTransaction.Kind { makesDirectory ? .directory : .file }

  /// What is read, which the output must not meet.
  var inputs: [String] {
    let weights = ([model.path] + model.files.map(\.path)).map {
      $0 == StreamSource.standardInputName ? StreamSource.standardInputPath : $0
    }
    return weights + [options.tokenizerDirectory, model.configDirectory].compactMap(\.self)
  }

  /// The bytes of tensor files that will be written.
  public var byteCount: Int { tensors.byteCount }

  /// The weights of all tensors.
  var weightCount: Int { tensors.moves.saturatingSum { $0.source.elementCount } }

  /// Whether the output does not have all of the source's values.
  var isRounded: Bool { !plan.roundedTensors.isEmpty }

  /// Bytes that must be free: one percent for the file system's own needs, and what stands beside the
  /// weights. What is compressed needs no more.
  var neededByteCount: Int {
    byteCount.saturatingSum(byteCount / 100).saturatingSum(companionByteCount)
  }

  /// About what the files beside the weights take: copies as much as what is copied, and what is made
  /// of a GGUF's header four times as much, for each token is written in two files.
  private var companionByteCount: Int {
    guard !target.isGGUF else { return 0 }
    let header = model.gguf == nil ? 0 : model.files.first?.dataOffset ?? 0
    return model.documents.byteCount.saturatingSum(header.saturatingProduct(4))
      .saturatingSum(1 << 20)
  }

  /// What reads the source as the options say.
  func makeRun() -> TileRun {
    TileRun(
      reader: model.reader, size: size,
      tolerance: options.toleratesSubnormals ? SubnormalTolerance() : nil)
  }
}

extension ConversionTarget {
  /// What `config.json` says about the output.
  fileprivate func repositoryLayout(_ plan: TargetPlan) -> RepositoryLayout {
    switch self {
    case .awq: .awq(modulesToNotConvert: plan.unconverted.isEmpty ? nil : plan.unconverted)
    case .mlx: .mlx(others: plan.otherMLXModules)
    case .fp16, .gguf, .ggufF16: .dense
    }
  }
}
