/// Files of weights beside those of the model: nobody asked for them, and somebody reads them.
func checkLeftovers(of model: Model, _ findings: inout Findings) throws(FormatError) {
  guard model.gguf == nil, try SystemCalls.status(model.path)?.isDirectory == true else { return }
  let index = Paths.join(model.path, SafetensorsIndex.fileName)
  let hasIndex = try SystemCalls.status(index) != nil
  // Shards that were named and could not be opened are other findings.
  let named = Set(
    (model.files.map(\.path) + findings.all.compactMap(\.error.location.file)).map {
      ByteString(Paths.name(of: $0))
    })
  for name in try SystemCalls.list(model.path) {
    let plain = Paths.withoutZstdSuffix(name) ?? name
    // Packed as well as plain: everybody reads the plain one.
    guard !named.contains(ByteString(plain)) else { continue }
    let isShard = plain.hasPrefix("model")
    let path = Paths.join(model.path, name)
    guard plain.hasSuffix(".safetensors"), hasIndex || isShard, !named.contains(ByteString(name)),
      try SystemCalls.status(path) != nil
    else { continue }
    let message =
      hasIndex ? "the index does not name the file" : "there is no index to name the file"
    findings.add(
      isShard ? .shardLeftOver : .weightsBeside,
      FormatError(.unsupported, message).located(file: path))
  }
}

/// What the containers of a model that could be opened have that somebody refuses.
func checkContainers(of model: Model, _ findings: inout Findings) {
  for shard in model.gguf?.shards ?? [] {
    let first = findings.all.count
    GGUFChecks(shard).run(&findings)
    findings.locate(from: first, shard.source.name)
  }
  if let gguf = model.gguf { GGUFChecks.checkModel(gguf, model.path, &findings) }
  for file in model.files where model.gguf == nil && file.dataOffset % 8 != 0 {
    findings.add(
      .safetensorsAlignment,
      FormatError(.unsupported, "the data begins at byte \(file.dataOffset)", at: file.dataOffset)
        .located(file: file.path))
  }
  let architecture = Inspection.ArchitectureFacts(model)
  let tensors = Inspection.TensorFacts.all(model, architecture: architecture.name)
  for warning in Inspection.Warning.all(model, tensors, architecture) {
    let saysTied = model.config?["tie_word_embeddings"] == .bool(true)
    guard let rule = Rule.ofWarning[warning.id], rule != .tiedOutput || saysTied else { continue }
    findings.add(rule, FormatError(.unsupported, warning.message).located(file: model.path))
  }
}

extension Rule {
  /// The rules of what an inspection warns of.
  static let ofWarning: [String: Rule] = [
    "rotated-weights": .ggufRotated, "ambiguous-type": .ggufUnknownType,
    "unknown-type": .ggufUnknownType, "fork-type": .ggufForkType, "file-type": .ggufFileType,
    "mixed-types": .ggufMixedTypes,
    "tying": .tiedOutput,
  ]
}
