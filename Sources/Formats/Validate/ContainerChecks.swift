/// Files of weights beside those that an index names: nobody asked for them, and somebody reads them.
func checkLeftovers(of model: Model, _ findings: inout Findings) throws(FormatError) {
  guard model.gguf == nil,
    try SystemCalls.status(model.path)?.isDirectory == true,
    try SystemCalls.status(Paths.join(model.path, SafetensorsIndex.fileName)) != nil
  else { return }
  // Shards that were named and could not be opened are other findings.
  let named = Set(
    (model.files.map(\.path) + findings.all.compactMap(\.error.location.file)).map {
      ByteString(Paths.name(of: $0))
    })
  for name in try SystemCalls.list(model.path) {
    let plain = Paths.withoutZstdSuffix(name) ?? name
    guard plain.hasSuffix(".safetensors"), !named.contains(ByteString(name)) else { continue }
    findings.add(
      .shardLeftOver,
      FormatError(.unsupported, "the index does not name the file")
        .located(file: Paths.join(model.path, name)))
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
