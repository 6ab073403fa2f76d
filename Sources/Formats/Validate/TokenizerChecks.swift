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
    if isCounted { try checkVocabulary(metadata, &findings) }
  }

  /// The tokens and merges themselves, as whoever rebuilds the tokenizer reads them.
  private func checkVocabulary(
    _ metadata: GGUFMetadata, _ findings: inout Findings
  ) throws(FormatError) {
    do throws(FormatError) {
      _ = try Vocabulary(metadata: metadata, limits: model.limits)
    } catch {
      guard error.code.isAboutInput else { throw error }
      // Another kind of tokenizer is nobody's fault.
      if error.code != .unsupported { findings.add(Rule.ofConfig(error), error) }
    }
  }

  private static func missing(_ key: String) -> FormatError {
    FormatError(.malformed, "metadata key '\(key)' is needed and missing")
  }
}
