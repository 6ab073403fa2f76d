/// What a model says about itself, against its tensors.
struct ConfigChecks {
  let model: Model

  /// - Throws: `io`.
  func run(_ findings: inout Findings) throws(FormatError) {
    if let gguf = model.gguf {
      try check(gguf, &findings)
    } else if let config = model.config, let directory = model.configDirectory {
      try check(config, Paths.join(directory, "config.json"), &findings)
    } else if let directory = model.configDirectory,
      try SystemCalls.linkStatus(Paths.join(directory, "config.json")) == nil
    {
      findings.add(
        .configMissing,
        FormatError(.notFound, "config.json is needed and missing").located(file: directory))
    }
  }

  private func check(_ gguf: GGUFSplit, _ findings: inout Findings) throws(FormatError) {
    let infos = gguf.shards.flatMap { $0.tensors.map(\.info) }
    let metadata = gguf.metadata
    _ = try findings.surviving(
      file: gguf.shards.first?.source.name,
      rule: { $0.code == .limit ? .beyondLimits : .samplingValue }
    ) { (_) throws(FormatError) in try GenerationConfig.sampling(metadata) }
    // A vocabulary by itself has no tensors, a file without an architecture has been found.
    guard !infos.isEmpty else {
      return try findings.locating(model.path) { (findings) throws(FormatError) in
        _ = try findings.attempt(or: nil, try metadata.string("general.architecture"))
      }
    }
    guard metadata["general.architecture"] != nil else { return }
    let isWhole = findings.areTensorsWhole
    guard isWhole || model.tensor(named: NameTable.embedding.name(layer: nil)) != nil else {
      return
    }
    let before = findings.total
    let config = try findings.surviving(file: gguf.shards.first?.source.name, rule: Rule.ofConfig) {
      (findings) throws(FormatError) in
      try ModelConfig(
        metadata: metadata, tensors: infos, limits: model.limits, &findings)
    }
    // Of a shape that is not known, everything would be wrong.
    guard let config, findings.total == before else { return }
    try findings.locating(model.path) { (findings) throws(FormatError) in
      try config.check(gguf: infos, isWhole: isWhole, &findings)
      for tensor in model.tensors where config.names.match(gguf: tensor.name) != nil {
        Self.checkType(of: tensor, &findings)
      }
    }
  }

  private func check(
    _ config: JSONValue, _ path: String, _ findings: inout Findings
  ) throws(FormatError) {
    try QuantizationConfig.checkMembers(config, file: path, model.limits, &findings)
    guard checkQuantization(config, path, &findings), isKnownWell(config, findings) else { return }
    let isWhole = findings.areTensorsWhole
    let before = findings.total
    let found = try findings.surviving(file: path, rule: Rule.ofConfig) {
      (findings) throws(FormatError) in
      try ModelConfig(
        config: config, tensors: model.tensors, file: path, limits: model.limits, &findings)
    }
    guard let found, findings.total == before else { return }
    try findings.locating(model.path) { (findings) throws(FormatError) in
      // Arrays that could not be put together are no tensors of the model.
      let tensors = isWhole ? model.tensors : model.tensors.filter { !$0.isLonePart }
      try found.check(huggingFace: tensors, isWhole: isWhole, &findings)
      for tensor in tensors where found.names.match(huggingFace: tensor.name) != nil {
        Self.checkType(of: tensor, &findings)
      }
    }
  }

  /// Weights, biases and norms are numbers with a point in every architecture that is known.
  private static func checkType(of tensor: Tensor, _ findings: inout Findings) {
    let integers = ["BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"]
    guard tensor.parts.count == 1, let type = tensor.parts.first?.info.type,
      integers.contains(type.name)
    else { return }
    findings.add(
      .weightType,
      FormatError(.unsupported, "needed a floating-point or quantized type, found \(type.name)")
        .located(tensor: tensor.name))
  }

  /// Whether the outermost tensors, which the configuration is compared with first, could be read.
  private func isKnownWell(_ config: JSONValue, _ findings: Findings) -> Bool {
    let isTied = config["tie_word_embeddings"] == .bool(true)
    return findings.areTensorsWhole
      || model.tensor(named: "model.embed_tokens.weight") != nil
        && (isTied || model.tensor(named: "lm_head.weight") != nil)
  }

  /// - Returns: Whether it is known what the stored arrays are.
  private func checkQuantization(
    _ config: JSONValue, _ path: String, _ findings: inout Findings
  ) -> Bool {
    let quantization = QuantizationConfig(config)
    do throws(FormatError) {
      try quantization.checkIsKnown()
    } catch {
      findings.add(.quantizationMethod, error.located(file: path))
      return false
    }
    if quantization.method == .mlx,
      let array = model.tensors.first(where: { $0.name.hasSuffix(".qweight") })
    {
      findings.add(
        .quantizationUnsaid,
        FormatError(.malformed, "'quantization' is MLX's, and the array is none of MLX's")
          .located(file: path, tensor: array.name))
      return false
    }
    guard quantization.method == .none,
      let array = model.tensors.first(where: {
        $0.name.hasSuffix(".qweight") || $0.name.hasSuffix(".scales")
      })
    else { return true }
    if config["quantization_config"]?["bits"] != nil {
      findings.add(
        .mlxQuantization,
        FormatError(.malformed, "'quantization' is needed beside 'quantization_config'")
          .located(file: path))
    } else {
      findings.add(
        .quantizationUnsaid,
        FormatError(.malformed, "neither 'quantization' nor 'quantization_config' is there")
          .located(file: path, tensor: array.name))
    }
    return false
  }
}

extension Tensor {
  /// Whether it is one of the arrays of a quantized weight, by itself.
  var isLonePart: Bool {
    guard parts.count == 1 else { return false }
    return [.i32, .u32].contains(parts[0].info.type)
      || [".scales", ".biases"].contains(where: name.hasSuffix)
  }
}

extension Findings {
  /// Whether no tensor got lost on the way: those that did need not be missed.
  var areTensorsWhole: Bool {
    let losing: [Rule] = [
      .noModel, .headerCut, .beyondLimits, .unreadable, .shardMissing, .indexShardName,
      .indexUnreadable,
      .ggufPartMissing, .ggufParts, .ggufMagic, .ggufDimension, .ggufOffset, .ggufRow,
      .safetensorsHeader,
      .safetensorsSize,
      .safetensorsEntry, .safetensorsOffsets, .awqParts, .mlxParts,
    ]
    return losing.allSatisfy { counts[$0.id] == nil }
  }
}
