/// A conversion of a 1-bit GGUF model into an AWQ directory, planned and ready to run.
///
/// Making one reads headers and small tensors; ``run(to:progress:)`` moves the weights.
public struct Conversion: Sendable {
  let model: Model
  let metadata: GGUFMetadata
  let config: ModelConfig
  let options: ConversionOptions
  let plan: TargetPlan
  let tensors: TensorFiles
  let companions: Companions

  /// Plans a conversion.
  ///
  /// - Parameters:
  ///   - model: A GGUF model.
  ///   - options: How.
  /// - Throws: ``FormatError`` when the model cannot be converted exactly, as far as that can be
  ///   known without reading its weights.
  public init(of model: Model, options: ConversionOptions = .init()) throws(FormatError) {
    try self.init(of: model, options: options, keeping: [])
  }

  init(
    of model: Model, options: ConversionOptions, keeping keeps: Set<ByteString>
  ) throws(FormatError) {
    guard let gguf = model.gguf else {
      throw FormatError(
        .unsupported, "only a GGUF can be converted to AWQ, this is \(model.form.rawValue)"
      ).located(file: model.path)
    }
    guard !model.files.contains(where: { $0.source.byteCount == nil }) else {
      throw FormatError(
        .unsupported, "a compressed model can be inspected; to convert it, unpack it with 'zstd -d'"
      ).located(file: model.path)
    }
    self.model = model
    self.options = options
    metadata = gguf.metadata
    do throws(FormatError) {
      let infos = gguf.shards.flatMap { $0.tensors.map(\.info) }
      try Self.checkTypes(gguf)
      config = try ModelConfig(metadata: metadata, tensors: infos)
      try config.check(gguf: infos)
      try Self.checkRowOrder(config.names)
      plan = try .awq(model, config, keeping: keeps)
      tensors = try TensorFiles(plan, shardByteCount: options.shardByteCount)
      companions = try Companions(metadata, config, plan, options, source: model.path)
    } catch {
      throw error.located(file: model.path)
    }
  }

  /// The bytes of tensor files that will be written.
  public var byteCount: Int { tensors.byteCount }

  /// Rows are moved in the order in which they lie.
  private static func checkRowOrder(_ names: NameTable) throws(FormatError) {
    guard names.rows.allSatisfy({ $0.rowOrder == .same }) else {
      throw FormatError(
        .unsupported,
        "architecture '\(names.architecture)' has rows in another order on the other side")
    }
  }

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
