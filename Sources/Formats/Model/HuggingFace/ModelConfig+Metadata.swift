extension ModelConfig {
  /// The keys that are read, without the architecture.
  private static let knownKeys = [
    "block_count", "context_length", "embedding_length", "feed_forward_length",
    "attention.head_count", "attention.head_count_kv", "attention.key_length",
    "attention.value_length", "attention.layer_norm_rms_epsilon", "rope.freq_base",
    "rope.dimension_count", "vocab_size", "rope.scaling.type", "rope.scaling.factor",
    "rope.scaling.original_context_length",
  ]

  /// Reads what a GGUF file says about its model, and checks it against the file's tensors.
  ///
  /// - Throws: `unsupported` for another architecture, for a kind of rope scaling that is not known
  ///   and for weights that are folded by a rotation; `malformed` for a missing key and for numbers
  ///   that do not fit each other; `limit` for numbers beyond `limits`.
  public init(
    metadata: GGUFMetadata, tensors: [TensorInfo], limits: Limits = .standard
  ) throws(FormatError) {
    var findings = Findings.strict
    try self.init(metadata: metadata, tensors: tensors, limits: limits, &findings)
  }

  /// The same with findings that may collect: then numbers that cannot be had are 1.
  init(
    metadata: GGUFMetadata, tensors: [TensorInfo], limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    // Whoever collects is told by an inspection's warning.
    if findings.isStrict { try Self.refuseRotatedWeights(metadata) }
    names = try Self.names(metadata)
    let keys = ArchitectureKeys(
      metadata: metadata, architecture: names.architecture, limits: limits)
    layerCount = try findings.attempt(or: 1, try keys.count("block_count", .layers))
    let hidden = try findings.attempt(or: 1, try keys.count("embedding_length", .width))
    hiddenSize = hidden
    intermediateSize = try findings.attempt(or: 1, try keys.count("feed_forward_length", .width))
    contextLength = try findings.attempt(or: 1, try keys.count("context_length", .context))
    let heads = try findings.attempt(or: (1, 1), try Self.heads(keys))
    (headCount, keyValueHeadCount) = heads
    // Another length of values than of keys is no matter of an unknown architecture.
    headDimension = try findings.attempt(
      { $0.code == .unsupported ? .configMember : .ofConfig($0) }, or: 1,
      try Self.headDimension(keys, hiddenSize: hidden, headCount: heads.0))
    normEpsilon = try findings.attempt(
      or: .single(1), try keys.positive("attention.layer_norm_rms_epsilon"))
    ropeTheta = try findings.attempt(
      { metadata[keys.full("rope.freq_base")] == nil ? .ropeBase : .ofConfig($0) },
      or: .single(1), try keys.positive("rope.freq_base"))
    ropeScaling = try findings.attempt(or: nil, try RopeScaling(keys))
    // Of a vocabulary that is not known no token is said to be beyond it.
    let vocabulary = try findings.attempt(
      { _ in .vocabularySize }, or: .max, try Self.vocabularySize(keys, tensors))
    vocabularySize = vocabulary
    tiesEmbeddings = !tensors.contains { NameTable.output.fits($0.name) }
    let token = { (_: FormatError) in Rule.specialToken }
    beginToken = try findings.attempt(
      token, or: nil, try Self.token("bos", metadata, below: vocabulary))
    endToken = try findings.attempt(
      token, or: nil, try Self.token("eos", metadata, below: vocabulary))
    paddingToken = try findings.attempt(
      token, or: nil, try Self.token("padding", metadata, below: vocabulary))
    ignoredKeys = Self.ignoredKeys(keys)
  }

  /// Weights folded by a Hadamard rotation give garbage in an engine that does not undo it.
  static func refuseRotatedWeights(_ metadata: GGUFMetadata) throws(FormatError) {
    for entry in metadata.entries where entry.key.utf8.starts(with: "prism.hadamard.".utf8) {
      throw FormatError(
        .unsupported,
        "'\(entry.key.quoted())' says that the weights are rotated: engines that do not undo that "
          + "print garbage, and such a model is not converted")
    }
  }

  static func names(_ metadata: GGUFMetadata) throws(FormatError) -> NameTable {
    guard let architecture = try metadata.string("general.architecture") else {
      throw FormatError(.malformed, "metadata key 'general.architecture' is needed and missing")
    }
    guard let names = NameTable.table(for: architecture) else {
      let known = NameTable.all.map(\.architecture).joined(separator: ", ")
      throw FormatError(
        .unsupported, "architecture '\(architecture.quoted())' is none of those known: \(known)")
    }
    return names
  }

  private static func heads(_ keys: ArchitectureKeys) throws(FormatError) -> (Int, Int) {
    let heads = try keys.count(
      "attention.head_count", .heads)
    let keyValueHeads = try keys.optionalCount(
      "attention.head_count_kv", .heads)
    guard heads.isMultiple(of: keyValueHeads ?? heads) else {
      throw FormatError(
        .malformed,
        "'\(keys.full("attention.head_count"))' must be a multiple of "
          + "'\(keys.full("attention.head_count_kv"))': \(heads) and \(keyValueHeads ?? heads)")
    }
    return (heads, keyValueHeads ?? heads)
  }

  private static func headDimension(
    _ keys: ArchitectureKeys, hiddenSize: Int, headCount: Int
  ) throws(FormatError) -> Int {
    let stated = try keys.optionalCount(
      "attention.key_length", .width)
    guard let dimension = stated ?? hiddenSize.exactQuotient(headCount) else {
      throw FormatError(
        .malformed,
        "without '\(keys.full("attention.key_length"))' the embedding must be a multiple of the "
          + "heads: \(hiddenSize) and \(headCount)")
    }
    for key in ["attention.value_length", "rope.dimension_count"] {
      let other = try keys.optionalCount(key, .width)
      guard other ?? dimension == dimension else {
        throw FormatError(
          .unsupported,
          "'\(keys.full(key))' must be the head's \(dimension), is \(other ?? dimension)")
      }
    }
    return dimension
  }

  private static func vocabularySize(
    _ keys: ArchitectureKeys, _ tensors: [TensorInfo]
  ) throws(FormatError) -> Int {
    let name = NameTable.embedding.name(layer: nil)
    guard let embedding = tensors.first(where: { NameTable.embedding.fits($0.name) }),
      let rows = embedding.shape.first, rows > 0
    else { throw FormatError(.malformed, "tensor '\(name)' is needed and missing or empty") }
    guard rows <= keys.limits[.vocabulary] else {
      throw keys.limits.exceeded("there are \(rows) rows", .vocabulary).located(tensor: name)
    }
    let stated = try keys.metadata.integer(keys.full("vocab_size"))
    guard stated ?? rows == rows else {
      throw FormatError(
        .malformed,
        "'\(keys.full("vocab_size"))' is \(stated ?? rows), the embedding has \(rows) rows")
    }
    return rows
  }

  private static func token(
    _ name: String, _ metadata: GGUFMetadata, below limit: Int
  ) throws(FormatError) -> Int? {
    let key = "tokenizer.ggml.\(name)_token_id"
    // All bits set is how writers say that there is none.
    guard let id = try metadata.integer(key), id != Int(UInt32.max) else { return nil }
    guard (0..<limit).contains(id) else {
      throw FormatError(.malformed, "'\(key)' must be below the vocabulary's \(limit), is \(id)")
    }
    return id
  }

  private static func ignoredKeys(_ keys: ArchitectureKeys) -> [String] {
    let optional = RopeScaling.optionalKeys.map { "rope.scaling." + $0.gguf }
    let known = Set((knownKeys + optional).map { ByteString(keys.full($0)) })
    return keys.metadata.entries.map(\.key).filter {
      $0.utf8.starts(with: keys.full("").utf8) && !known.contains(ByteString($0))
    }
  }
}

extension Int {
  /// The quotient where nothing is left over. For positive numbers.
  fileprivate func exactQuotient(_ divisor: Int) -> Int? {
    isMultiple(of: divisor) ? self / divisor : nil
  }
}
