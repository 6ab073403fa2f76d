/// The documents beside `config.json`, read as a conversion to GGUF reads them: the tokenizer, and how to
/// sample.
struct DocumentChecks {
  let model: Model

  /// - Throws: `io`.
  func run(_ findings: inout Findings) throws(FormatError) {
    guard model.config != nil, let directory = model.configDirectory else { return }
    let tokenizer = Paths.join(directory, "tokenizer.json")
    let hasTokenizer = try SystemCalls.status(tokenizer) != nil
    if !hasTokenizer {
      findings.add(
        .tokenizerFileMissing,
        FormatError(.notFound, "tokenizer.json is needed and missing").located(file: directory))
    }
    // An id of config.json has been compared with the vocabulary already.
    let isFound = findings.counts[Rule.specialToken.id] != nil
    guard let documents = try documents(directory, &findings) else { return }
    _ = try findings.surviving(rule: { $0.code == .limit ? .beyondLimits : .samplingValue }) {
      (_) throws(FormatError) in try SamplingKeys.entries(documents.generation)
    }
    let embedding = model.tensor(named: "model.embed_tokens.weight")
    guard let rows = embedding?.shape.first, rows <= model.limits[.vocabulary] else { return }
    checkTokens(documents.generation, rows, &findings)
    // Of a list the rest; what stands by itself has been compared with the vocabulary.
    checkTokens(documents.config, rows, isListOnly: true, &findings)
    if hasTokenizer { try checkTokenizer(documents, rows, isFound, &findings) }
  }

  /// All of them, or `nil` where one cannot be read.
  private func documents(
    _ directory: String, _ findings: inout Findings
  ) throws(FormatError) -> ModelDocuments? {
    let files = DirectoryFiles(directory: directory, limits: model.limits, read: model.documents)
    let before = findings.total
    for name in ["generation_config.json", "tokenizer_config.json"] {
      _ = try findings.surviving(
        file: files.path(name),
        rule: { $0.code == .limit ? .beyondLimits : .configUnreadable }
      ) { (_) throws(FormatError) in try files.members(name) }
    }
    guard findings.total == before else { return nil }
    return try findings.surviving(rule: Self.ofTokenizer) { (_) throws(FormatError) in
      try ModelDocuments(
        directory: directory, folder: "", limits: model.limits, read: model.documents)
    }
  }

  private func checkTokenizer(
    _ documents: ModelDocuments, _ rows: Int, _ isFound: Bool, _ findings: inout Findings
  ) throws(FormatError) {
    do throws(FormatError) {
      _ = try documents.tokenizerKeys(vocabularySize: rows).entries()
    } catch {
      let error = try error.unlessRemoved(documents.tokenizerPath)
      guard error.code.isAboutInput else { throw error }
      let isOfConfig = error.location.file == documents.config.file
      guard !isOfConfig || !isFound else { return }
      findings.add(isOfConfig ? .specialToken : Self.ofTokenizer(error), error)
    }
  }

  private static func ofTokenizer(_ error: FormatError) -> Rule {
    switch error.code {
    case .limit: .beyondLimits
    case .unsupported: .tokenizerUnsaid
    default: .tokenizerFileUnreadable
    }
  }

  /// The tokens that end a text, or stand for none of it.
  private func checkTokens(
    _ members: ConfigMembers, _ rows: Int, isListOnly: Bool = false, _ findings: inout Findings
  ) {
    for name in ["bos_token_id", "eos_token_id", "pad_token_id"] {
      let ids: [JSONValue] =
        switch members[name] {
        case .array(let all)?: isListOnly ? Array(all.dropFirst()) : all
        case let one?: isListOnly ? [] : [one]
        case nil: []
        }
      let stranger = ids.first {
        // Many files say -1 where there is none.
        if case .integer(let id) = $0 { !(-1..<rows).contains(id) } else { true }
      }
      guard let stranger else { continue }
      findings.add(
        .specialToken,
        members.error(
          .malformed, name, "must be below the vocabulary's \(rows), is \(stranger.shown)"))
    }
  }
}
