extension ModelConfig {
  /// Reads what a directory's `config.json` says about its model; Specs/names.md §7.
  ///
  /// - Parameters:
  ///   - config: The document.
  ///   - tensors: The directory's tensors, under their Hugging Face names.
  ///   - file: What errors call the document.
  ///   - limits: What is believed.
  /// - Throws: `unsupported` for another architecture and for a kind of rope scaling that is not
  ///   known; `malformed` for a missing member and for numbers that do not fit each other or the
  ///   tensors; `limit` for numbers beyond `limits`.
  public init(
    config: JSONValue, tensors: [Tensor], file: String = "config.json",
    limits: Limits = .standard
  ) throws(FormatError) {
    var findings = Findings.strict
    try self.init(config: config, tensors: tensors, file: file, limits: limits, &findings)
  }

  /// The same with findings that may collect: then numbers that cannot be had are 1.
  init(
    config: JSONValue, tensors: [Tensor], file: String, limits: Limits,
    _ findings: inout Findings
  ) throws(FormatError) {
    let members = ConfigMembers(config, file: file, limits: limits)
    let table = try Self.names(members)
    names = table
    let defaults = GGUFKeyTable.table(for: table)
    layerCount = try findings.attempt(or: 1, try members.count("num_hidden_layers", .layers))
    let hidden = try findings.attempt(or: 1, try members.count("hidden_size", .width))
    hiddenSize = hidden
    intermediateSize = try findings.attempt(
      or: 1, try members.count("intermediate_size", .width))
    contextLength = try findings.attempt(
      or: 1, try members.count("max_position_embeddings", .context))
    let heads = try findings.attempt(or: (1, 1), try Self.heads(members))
    (headCount, keyValueHeadCount) = heads
    headDimension = try findings.attempt(
      or: 1,
      try Self.headDimension(
        members, defaults.headDimension, hiddenSize: hidden, headCount: heads.0))
    normEpsilon = try findings.attempt(or: .single(1), try members.neededPositive("rms_norm_eps"))
    let rope = try findings.attempt(or: nil, try RopeScaling.members(members))
    ropeTheta = try findings.attempt(
      { (rope?["rope_theta"] ?? members["rope_theta"]) == nil ? .ropeBase : .ofConfig($0) },
      or: .single(1), try Self.ropeTheta(rope, members, defaults))
    ropeScaling = try findings.attempt(or: nil, try rope.flatMap(RopeScaling.init))
    // Of a vocabulary that is not known no token is said to be beyond it.
    let vocabulary = try findings.attempt(
      { _ in .vocabularySize }, or: .max, try Self.vocabularySize(members, table, tensors))
    vocabularySize = vocabulary
    tiesEmbeddings = try findings.attempt(
      { _ in .tying }, or: false, try Self.tiesEmbeddings(members, table, tensors))
    let token = { (name: String, findings: inout Findings) throws(FormatError) in
      try findings.attempt(
        { _ in .specialToken }, or: nil, try Self.token(name, members, below: vocabulary))
    }
    beginToken = try token("bos_token_id", &findings)
    endToken = try token("eos_token_id", &findings)
    paddingToken = try token("pad_token_id", &findings)
    ignoredKeys = []
  }

  private static func ropeTheta(
    _ rope: ConfigMembers?, _ members: ConfigMembers, _ defaults: GGUFKeyTable
  ) throws(FormatError) -> GGUFFloat {
    let inner = try rope?.positive("rope_theta")
    let outer = try members.positive("rope_theta")
    guard let theta = inner ?? outer ?? defaults.ropeTheta else {
      throw members.missing("rope_theta")
    }
    return theta
  }

  /// The architecture: by the model's class, which converters go by, or else by its type.
  static func names(_ members: ConfigMembers) throws(FormatError) -> NameTable {
    let known = NameTable.all.map(\.modelClass).joined(separator: ", ")
    if case .array(let classes)? = members["architectures"], case .string(let name)? = classes.first
    {
      let table = NameTable.all.first { $0.modelClass.utf8.elementsEqual(name.utf8) }
      guard let table else {
        throw members.error(
          .unsupported, "architectures", "is '\(name.quoted())', which is none of \(known)")
      }
      return table
    }
    guard let type = try members.string("model_type") else {
      throw members.missing("architectures")
    }
    guard let table = NameTable.table(for: type) else {
      throw members.error(
        .unsupported, "model_type", "is '\(type.quoted())', which is that of none of \(known)")
    }
    return table
  }

  private static func heads(_ members: ConfigMembers) throws(FormatError) -> (Int, Int) {
    let heads = try members.count(
      "num_attention_heads", .heads)
    let keyValueHeads =
      try members.optionalCount(
        "num_key_value_heads", .heads) ?? heads
    guard heads.isMultiple(of: keyValueHeads) else {
      throw members.error(
        .malformed, "num_attention_heads",
        "must be a multiple of 'num_key_value_heads': \(heads) and \(keyValueHeads)")
    }
    return (heads, keyValueHeads)
  }

  private static func headDimension(
    _ members: ConfigMembers, _ standard: Int?, hiddenSize: Int, headCount: Int
  ) throws(FormatError) -> Int {
    let stated = try members.optionalCount(
      "head_dim", .width)
    if let dimension = stated ?? standard { return dimension }
    guard hiddenSize.isMultiple(of: headCount) else {
      throw members.error(
        .malformed, "hidden_size",
        "must, without 'head_dim', be a multiple of the heads: \(hiddenSize) and \(headCount)")
    }
    return hiddenSize / headCount
  }

  private static func vocabularySize(
    _ members: ConfigMembers, _ names: NameTable, _ tensors: [Tensor]
  ) throws(FormatError) -> Int {
    let stated = try members.count(
      "vocab_size", .vocabulary)
    guard let embedding = tensors.first(named: NameTable.embedding, in: names) else {
      let name = names.huggingFaceName(gguf: NameTable.embedding.name(layer: nil)) ?? ""
      throw FormatError(.malformed, "tensor '\(name)' is needed and missing")
    }
    guard embedding.shape.first == stated else {
      throw members.error(
        .malformed, "vocab_size", "is \(stated), the embedding has the shape \(embedding.shape)")
    }
    return stated
  }

  /// As for GGUF files, the tensors decide. Without an output matrix of its own the model must say
  /// that it has none: loaders would make one up.
  private static func tiesEmbeddings(
    _ members: ConfigMembers, _ names: NameTable, _ tensors: [Tensor]
  ) throws(FormatError) -> Bool {
    if tensors.first(named: NameTable.output, in: names) != nil { return false }
    let stated = members["tie_word_embeddings"]
    guard stated == .bool(true) else {
      throw members.error(
        .malformed, "tie_word_embeddings",
        "must be true where there is no 'lm_head.weight', is \(stated?.shown ?? "missing")")
    }
    return true
  }

  /// A token's id; of a list of them, the first.
  private static func token(
    _ name: String, _ members: ConfigMembers, below limit: Int
  ) throws(FormatError) -> Int? {
    var value = members[name]
    if case .array(let ids)? = value { value = ids.first }
    guard let value else { return nil }
    guard case .integer(let id) = value, (0..<limit).contains(id) else {
      throw members.error(
        .malformed, name, "must be an integer below the vocabulary's \(limit), is \(value.shown)")
    }
    return id
  }
}

extension [Tensor] {
  fileprivate func first(named pattern: NamePattern, in names: NameTable) -> Tensor? {
    guard let name = names.huggingFaceName(gguf: pattern.name(layer: nil)) else { return nil }
    return first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
