/// What a conversion knows of its source beside the tensors.
struct ConversionSource: Sendable {
  let model: Model
  /// What the tensors are called; those that the architecture does not know keep their names.
  let names: NameTable
  /// What is known of the model's shape, or why names cannot cross from one side to the other.
  private let shape: Result<ModelConfig, FormatError>
  /// Where everything else comes from.
  let facts: Facts
  /// A tied model stores its output matrix a second time, equal to the embedding: a GGUF keeps it,
  /// the others do without.
  let repeatsEmbedding: Bool

  enum Facts: Sendable {
    case gguf(GGUFMetadata)
    case directory(ModelDocuments)
  }

  /// - Throws: `unsupported` and `malformed` for what cannot be converted at all.
  init(_ model: Model) throws(FormatError) {
    // A stream is converted as it comes.
    if !model.isPassing { try Self.checkUncompressed(model) }
    self.model = model
    if let gguf = model.gguf {
      let infos = gguf.shards.flatMap { $0.tensors.map(\.info) }
      try Self.checkTypes(gguf)
      try ModelConfig.refuseRotatedWeights(gguf.metadata)
      let metadata = gguf.metadata
      (names, shape) = try Self.describe(model, \.gguf) { () throws(FormatError) in
        try ModelConfig.names(metadata)
      } config: { () throws(FormatError) in
        try ModelConfig(metadata: metadata, tensors: infos, limits: model.limits)
      } check: { (config) throws(FormatError) in
        try config.check(gguf: infos.filter { config.names.match(gguf: $0.name) != nil })
      }
      facts = .gguf(gguf.metadata)
      repeatsEmbedding = false
    } else {
      guard let config = model.config else { throw Self.withoutConfiguration(model) }
      try Self.checkMembers(of: config, model)
      let documents = try ModelDocuments(
        directory: model.configDirectory ?? model.path, limits: model.limits,
        read: model.documents)
      try QuantizationConfig(model.config).check(model.tensors)
      (names, shape) = try Self.describe(model, \.huggingFace) { () throws(FormatError) in
        try documents.names()
      } config: { () throws(FormatError) in
        try documents.modelConfig(tensors: model.tensors)
      } check: { (config) throws(FormatError) in
        try config.check(
          huggingFace: model.tensors.filter { config.names.match(huggingFace: $0.name) != nil })
      }
      facts = .directory(documents)
      let saysTied = documents.configJSON["tie_word_embeddings"] == .bool(true)
      // Of a stream it cannot be known beforehand; see Conversion+Checks.swift.
      repeatsEmbedding =
        saysTied && !model.isPassing ? try model.storesEmbeddingTwice() : false
    }
  }

  /// What is known of the model's shape.
  ///
  /// - Throws: Why its names cannot cross from GGUF to Hugging Face or back: `unsupported` for an
  ///   architecture without a table of names and for tensors that it does not have; `malformed`.
  func config() throws(FormatError) -> ModelConfig { try shape.get() }

  /// Keys of a GGUF that have no place in a `config.json`.
  var ignoredKeys: [String] { (try? shape.get().ignoredKeys) ?? [] }

  /// Whether there is an output matrix, and not that of the embedding once more.
  var hasOutput: Bool { !repeatsEmbedding && model.tensor(named: "lm_head.weight") != nil }

  /// Finds names and shape. What is not known of them stands in the way of a conversion between GGUF
  /// and Hugging Face only; what contradicts itself is refused always.
  private static func describe(
    _ model: Model, _ side: KeyPath<NameTable.Row, NamePattern>,
    _ table: () throws(FormatError) -> NameTable, config: () throws(FormatError) -> ModelConfig,
    check: (ModelConfig) throws(FormatError) -> Void
  ) throws(FormatError) -> (NameTable, Result<ModelConfig, FormatError>) {
    let names: NameTable
    do throws(FormatError) {
      names = try table()
    } catch  where error.code == .unsupported {
      return (try .unchanged(model.tensors), .failure(error))
    } catch {
      throw error
    }
    let extended = try names.extended(by: model.tensors, side)
    let known: ModelConfig
    do throws(FormatError) {
      known = try config()
    } catch  where error.code == .malformed || error.code == .limit {
      throw error
    } catch {
      return (extended, .failure(error))
    }
    try check(known)
    let stranger = model.tensors.first { names.match($0.name, side) == nil }
    if let stranger {
      return (extended, .failure(names.hasNoSuchTensor.located(tensor: stranger.name)))
    }
    return (extended, .success(known))
  }

  private static func checkMembers(of config: JSONValue, _ model: Model) throws(FormatError) {
    var findings = Findings.strict
    try QuantizationConfig.checkMembers(
      config, file: Paths.join(model.configDirectory ?? model.path, "config.json"), model.limits,
      &findings)
  }

  private static func withoutConfiguration(_ model: Model) -> FormatError {
    // A file that was given by itself is the path that was given.
    let isFile = model.files.first?.path == model.path
    return isFile
      ? FormatError(
        .unsupported,
        "a safetensors file by itself does not say what model it is: give its directory, with "
          + "the config.json, or that of another with --config-from")
      : FormatError(.notFound, "the directory has no config.json, which says what model it is")
  }

  /// Weights are read in any order, which a compressed stream does not offer.
  static func checkUncompressed(_ model: Model) throws(FormatError) {
    guard let file = model.files.first(where: { $0.source.access == .forward }) else { return }
    throw FormatError(
      .unsupported,
      "the file is compressed without a seek table, and its weights are read in any order; "
        + "'bonsai-fmt unpack' makes a file of it that can be read that way"
    ).located(file: file.path)
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
        throw FormatError(.unsupported, "its type number \(tensor.typeID) \(tensor.whyUnknown)")
          .located(tensor: tensor.info.name)
      }
    }
  }
}
