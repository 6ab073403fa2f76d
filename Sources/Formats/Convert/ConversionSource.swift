/// What a conversion knows of its source beside the tensors.
struct ConversionSource: Sendable {
  let model: Model
  private let naming: Naming
  /// Where everything else comes from.
  let facts: Facts
  /// A tied model stores its output matrix a second time, equal to the embedding: a GGUF keeps it,
  /// the others do without.
  let repeatsEmbedding: Bool

  private enum Naming: Sendable {
    case known(ModelConfig)
    /// Without a table of its own: names stay as they are.
    case unknown(NameTable, FormatError)
  }

  enum Facts: Sendable {
    case gguf(GGUFMetadata)
    case directory(ModelDocuments)
  }

  /// - Throws: `unsupported` and `malformed` for what cannot be converted at all.
  init(_ model: Model) throws(FormatError) {
    // A stream is converted as it comes.
    if model.stream == nil { try Self.checkUncompressed(model) }
    self.model = model
    if let gguf = model.gguf {
      let infos = gguf.shards.flatMap { $0.tensors.map(\.info) }
      try Self.checkTypes(gguf)
      try ModelConfig.refuseRotatedWeights(gguf.metadata)
      let metadata = gguf.metadata
      naming = try Self.naming(
        model, { () throws(FormatError) in try ModelConfig.names(metadata) }
      ) { () throws(FormatError) in
        let config = try ModelConfig(metadata: metadata, tensors: infos, limits: model.limits)
        try config.check(gguf: infos)
        return config
      }
      facts = .gguf(gguf.metadata)
      repeatsEmbedding = false
    } else {
      guard model.config != nil else { throw Self.withoutConfiguration(model) }
      try QuantizationConfig(model.config).checkIsKnown()
      let documents = try ModelDocuments(
        directory: model.configDirectory ?? model.path, limits: model.limits)
      naming = try Self.naming(
        model, { () throws(FormatError) in try documents.names() }
      ) { () throws(FormatError) in
        let config = try documents.modelConfig(tensors: model.tensors)
        try config.check(huggingFace: model.tensors)
        return config
      }
      facts = .directory(documents)
      let saysTied = documents.configJSON["tie_word_embeddings"] == .bool(true)
      // Of a stream it cannot be known beforehand; see Conversion.checkOnePass.
      repeatsEmbedding =
        saysTied && model.stream == nil ? try model.storesEmbeddingTwice() : false
    }
  }

  var names: NameTable {
    switch naming {
    case .known(let config): config.names
    case .unknown(let names, _): names
    }
  }

  /// What is known of the model's shape.
  ///
  /// - Throws: `unsupported` for an architecture without a table of names.
  func config() throws(FormatError) -> ModelConfig {
    switch naming {
    case .known(let config): return config
    case .unknown(_, let error): throw error
    }
  }

  /// Keys of a GGUF that have no place in a `config.json`.
  var ignoredKeys: [String] {
    guard case .known(let config) = naming else { return [] }
    return config.ignoredKeys
  }

  /// Whether there is an output matrix, and not that of the embedding once more.
  var hasOutput: Bool { !repeatsEmbedding && model.tensor(named: "lm_head.weight") != nil }

  private static func naming(
    _ model: Model, _ names: () throws(FormatError) -> NameTable,
    _ config: () throws(FormatError) -> ModelConfig
  ) throws(FormatError) -> Naming {
    do throws(FormatError) {
      _ = try names()
    } catch  where error.code == .unsupported {
      return .unknown(try .unchanged(model.tensors), error)
    } catch {
      throw error
    }
    return .known(try config())
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

extension Model {
  /// Whether the output matrix has the bytes of the embedding.
  fileprivate func storesEmbeddingTwice() throws(FormatError) -> Bool {
    guard let embedding = tensor(named: "model.embed_tokens.weight"),
      let output = tensor(named: "lm_head.weight")
    else { return false }
    guard embedding.layout == output.layout, embedding.shape == output.shape else { return false }
    let tiling = Tiling(
      of: embedding.matrix, in: embedding.layout, units: [], byteCount: 1 << 20)
    var (left, right): ([UInt8], [UInt8]) = ([], [])
    for tile in tiling.tiles(of: embedding.matrix) {
      try reader.read(tile, of: embedding, into: &left)
      try reader.read(tile, of: output, into: &right)
      guard left == right else { return false }
    }
    return true
  }
}
