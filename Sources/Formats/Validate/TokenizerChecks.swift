/// What engines need of a GGUF to turn text into tokens.
struct TokenizerChecks {
  let model: Model

  /// - Throws: `io`.
  func run(_ findings: inout Findings) throws(FormatError) {
    guard let gguf = model.gguf else { return }
    let file = gguf.shards.first?.source.name ?? model.path
    try findings.locating(file) { (findings) throws(FormatError) in
      try check(gguf.metadata, &findings)
    }
  }

  private func check(
    _ metadata: GGUFMetadata, _ findings: inout Findings
  ) throws(FormatError) {
    let embedding = model.tensor(named: NameTable.embedding.name(layer: nil))
    // Other parts of a model, such as a vision tower, have none.
    guard let rows = embedding?.shape.first else { return }
    let needed = ["model", "tokens"].map { "tokenizer.ggml.\($0)" }
    let lacking = needed.filter { metadata[$0] == nil }
    for key in lacking { findings.add(.tokenizerMissing, Self.missing(key)) }
    guard lacking.isEmpty else { return }
    var rules: [(String, Rule)] = [("token_type", .tokenTypesMissing)]
    if case .string(let model)? = metadata["tokenizer.ggml.model"],
      model == ByteString("gpt2")
    {
      rules += [("merges", .mergesMissing), ("pre", .preTokenizerMissing)]
    }
    for (key, rule) in rules where metadata["tokenizer.ggml.\(key)"] == nil {
      findings.add(rule, Self.missing("tokenizer.ggml.\(key)"))
    }
    var isCounted = true
    for key in ["tokens", "token_type"].map({ "tokenizer.ggml.\($0)" }) {
      let count = try findings.surviving(rule: Rule.ofConfig) { (_) throws(FormatError) in
        try metadata.array(key)?.count
      }
      if count == nil { isCounted = false }
      guard let count = count ?? nil, count != rows else { continue }
      isCounted = false
      findings.add(
        .tokenCount,
        FormatError(.malformed, "'\(key)' has \(count) elements, the embedding has \(rows) rows"))
    }
    checkRoles(metadata, rows, &findings)
    if isCounted { try checkDocuments(metadata, &findings) }
  }

  /// The ids of tokens with a further role: the usual ones are checked with the model's shape.
  private func checkRoles(_ metadata: GGUFMetadata, _ rows: Int, _ findings: inout Findings) {
    let known = ["bos", "eos", "padding"].map { ByteString("tokenizer.ggml.\($0)_token_id") }
    for entry in metadata.entries
    where entry.key.utf8.starts(with: "tokenizer.ggml.".utf8) && entry.key.ends(in: "_token_id") {
      guard !known.contains(ByteString(entry.key)) else { continue }
      let id = (try? metadata.integer(entry.key)) ?? nil
      guard id.map({ !(0..<rows).contains($0) && $0 != Int(UInt32.max) }) ?? true else { continue }
      findings.add(
        .furtherToken,
        FormatError(
          .malformed,
          "'\(entry.key.quoted())' must be below the vocabulary's \(rows), is \(entry.value.shown)")
      )
    }
  }

  /// The tokens and merges themselves, as whoever rebuilds the tokenizer reads them; and the other
  /// documents of a directory that are made of the metadata, where it is known well enough.
  private func checkDocuments(
    _ metadata: GGUFMetadata, _ findings: inout Findings
  ) throws(FormatError) {
    let infos = model.gguf?.shards.flatMap { $0.tensors.map(\.info) } ?? []
    do throws(FormatError) {
      let config = try? ModelConfig(metadata: metadata, tensors: infos, limits: model.limits)
      if let config, findings.counts[Rule.samplingValue.id] == nil {
        _ = try RepositoryFiles.make(
          metadata: metadata, config: config, layout: .dense,
          card: ModelCard.Notes(source: model.path), limits: model.limits)
      } else {
        _ = try Vocabulary(metadata: metadata, limits: model.limits)
      }
    } catch {
      guard error.code.isAboutInput else { throw error }
      // Another kind of tokenizer is nobody's fault.
      findings.add(error.code == .unsupported ? .tokenizerUnsaid : Rule.ofConfig(error), error)
    }
  }

  private static func missing(_ key: String) -> FormatError {
    FormatError(.malformed, "metadata key '\(key)' is needed and missing")
  }
}
