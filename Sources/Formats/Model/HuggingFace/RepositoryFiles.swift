/// The files beside the weights of a Hugging Face repository, made of a GGUF file's metadata;
/// Specs/names.md §3–§4.
public enum RepositoryFiles {
  /// The files of a repository, in the order in which they are to be written.
  ///
  /// - Parameters:
  ///   - metadata: The metadata of the GGUF file.
  ///   - config: What it says about the model.
  ///   - layout: How the weights are stored.
  ///   - rebuildsTokenizer: `false` where the caller copies the tokenizer's files from elsewhere.
  ///   - card: What the model card tells beyond the metadata, or `nil` for no card.
  ///   - limits: What is believed.
  /// - Throws: `unsupported` for a tokenizer that cannot be rebuilt, `malformed` for one that does
  ///   not fit the model; nothing is thrown later, while writing, but by the sink.
  public static func make(
    metadata: GGUFMetadata, config: ModelConfig, layout: RepositoryLayout,
    rebuildsTokenizer: Bool = true, card: ModelCard.Notes?, limits: Limits = .standard
  ) throws(FormatError) -> [RepositoryFile] {
    let vocabulary = rebuildsTokenizer ? try Vocabulary(metadata: metadata, limits: limits) : nil
    let generation = try GenerationConfig(
      metadata: metadata, config: config, vocabulary: vocabulary)
    var files = [
      RepositoryFile("config.json", config.configJSON(layout)),
      RepositoryFile("generation_config.json", generation.json),
    ]
    if let vocabulary { files += try tokenizer(vocabulary, config) }
    if let card {
      let card = try ModelCard(
        metadata: metadata, config: config, layout: layout, notes: card)
      files.append(
        RepositoryFile("README.md") { (sink) throws(FormatError) in try sink(Array(card.text.utf8))
        }
      )
    }
    return files
  }

  private static func tokenizer(
    _ vocabulary: Vocabulary, _ config: ModelConfig
  ) throws(FormatError) -> [RepositoryFile] {
    guard vocabulary.count == config.vocabularySize else {
      throw FormatError(
        .malformed,
        "'tokenizer.ggml.tokens' has \(vocabulary.count) elements, the embedding has "
          + "\(config.vocabularySize) rows")
    }
    let tokenizer = TokenizerFile(vocabulary: vocabulary)
    let tokenizerConfig = TokenizerConfig(vocabulary: vocabulary, config: config)
    let lists = VocabularyFiles(vocabulary: vocabulary)
    return [
      RepositoryFile("tokenizer.json") { (sink) throws(FormatError) in
        try tokenizer.write(to: sink)
      },
      RepositoryFile("tokenizer_config.json", tokenizerConfig.json),
      RepositoryFile("vocab.json") { (sink) throws(FormatError) in
        try lists.writeVocabulary(to: sink)
      },
      RepositoryFile("merges.txt") { (sink) throws(FormatError) in
        try lists.writeMerges(to: sink)
      },
      RepositoryFile("added_tokens.json", lists.addedTokens),
      RepositoryFile("special_tokens_map.json", tokenizerConfig.specialTokensMap),
    ]
  }
}
