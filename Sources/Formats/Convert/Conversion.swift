/// A conversion of a model into another layout, planned and ready to run.
///
/// Making one reads headers and small tensors; ``run(to:progress:)`` moves the weights.
public struct Conversion: Sendable {
  let model: Model
  /// What it is converted to.
  public let target: ConversionTarget
  let options: ConversionOptions
  let plan: TargetPlan
  let tensors: TensorFiles
  let companions: Companions

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
    try self.init(of: model, to: target, options: options, keeping: [])
  }

  init(
    of model: Model, to target: ConversionTarget, options: ConversionOptions,
    keeping keeps: Set<ByteString>
  ) throws(FormatError) {
    guard let gguf = model.gguf else {
      throw FormatError(
        .unsupported, "only a GGUF can be converted, this is \(model.form.rawValue)"
      ).located(file: model.path)
    }
    guard !model.files.contains(where: { $0.source.byteCount == nil }) else {
      throw FormatError(
        .unsupported, "a compressed model can be inspected; to convert it, unpack it with 'zstd -d'"
      ).located(file: model.path)
    }
    self.model = model
    self.target = target
    self.options = options
    do throws(FormatError) {
      let infos = gguf.shards.flatMap { $0.tensors.map(\.info) }
      try Self.checkTypes(gguf)
      let config = try ModelConfig(metadata: gguf.metadata, tensors: infos)
      try config.check(gguf: infos)
      plan = try TargetPlan(of: model, as: target, config.names, keeping: keeps)
      if target.isGGUF {
        tensors = try TensorFiles(
          gguf: plan, metadata: gguf.metadata.describing(plan), fileName: Self.ggufName)
        companions = .none
      } else {
        tensors = try TensorFiles(
          safetensors: plan, shardByteCount: options.shardByteCount,
          metadata: ["format": target == .mlx ? "mlx" : "pt"])
        companions = try Companions(
          gguf.metadata, config, target.repositoryLayout(plan), options, source: model.path)
      }
    } catch {
      throw error.located(file: model.path)
    }
  }

  /// A single file has the name that the user gave it.
  private static let ggufName = ""

  /// The bytes of tensor files that will be written.
  public var byteCount: Int { tensors.byteCount }

  /// A type whose meaning is not certain is shown by an inspection, but never converted.
  private static func checkTypes(_ gguf: GGUFSplit) throws(FormatError) {
    for tensor in gguf.shards.flatMap(\.tensors) {
      switch tensor.meaning {
      case .resolved: continue
      case .ambiguous(let candidates):
        let names = candidates.map(\.name).joined(separator: " or ")
        throw FormatError(
          .unsupported,
          "type \(tensor.typeID) means \(names), and the sizes in this file agree with both"
        ).located(tensor: tensor.info.name)
      case .unknown:
        throw FormatError(.unsupported, "its type number \(tensor.typeID) is not known")
          .located(tensor: tensor.info.name)
      }
    }
  }
}

extension ConversionTarget {
  /// What `config.json` says about the output.
  fileprivate func repositoryLayout(_ plan: TargetPlan) -> RepositoryLayout {
    switch self {
    case .awq: .awq(modulesToNotConvert: plan.unconverted.isEmpty ? nil : plan.unconverted)
    case .mlx: .mlx
    case .fp16, .gguf, .ggufF16: .dense
    }
  }
}

extension GGUFMetadata {
  /// The metadata with the two keys that say how tensors are stored, at its end, where
  /// llama-quantize puts them; unchanged where no tensor changes its layout. Specs/gguf.md §13.
  fileprivate func describing(_ plan: TargetPlan) -> GGUFMetadata {
    guard plan.entries.contains(where: { $0.layout != $0.source.layout }) else { return self }
    let keys = ["general.quantization_version", "general.file_type"].map(ByteString.init)
    let isOneBit = plan.entries.contains { $0.layout == .q1_0 }
    return GGUFMetadata(
      entries.filter { !keys.contains(ByteString($0.key)) } + [
        .init("general.quantization_version", .uint32(2)),
        .init("general.file_type", .uint32(isOneBit ? 40 : 1)),
      ])
  }
}
