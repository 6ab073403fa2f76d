/// The files of the output that hold no tensors.
struct Companions: Sendable {
  /// Made from the metadata, or copied.
  let files: [RepositoryFile]
  /// For an output that has no such files.
  static let none = Companions(files: [], card: nil)

  /// Made last, for it says what was proven.
  private let card: (@Sendable ([String]) throws(FormatError) -> [UInt8])?

  private init(
    files: [RepositoryFile], card: (@Sendable ([String]) throws(FormatError) -> [UInt8])?
  ) {
    self.files = files
    self.card = card
  }

  init(
    _ metadata: GGUFMetadata, _ config: ModelConfig, _ layout: RepositoryLayout,
    _ options: ConversionOptions, source: String
  ) throws(FormatError) {
    let made = try RepositoryFiles.make(
      metadata: metadata, config: config, layout: layout,
      rebuildsTokenizer: options.tokenizerDirectory == nil, card: nil)
    var copied: [RepositoryFile] = []
    if let directory = options.tokenizerDirectory {
      copied = try Self.tokenizerFiles(in: directory)
    }
    files = made + copied
    guard options.writesModelCard else {
      card = nil
      return
    }
    let name = Paths.name(of: source)
    card = { (proof) throws(FormatError) in
      let notes = ModelCard.Notes(source: name, proof: proof)
      let card = try ModelCard(
        metadata: metadata, config: config, layout: layout, notes: notes)
      return Array(card.text.utf8)
    }
  }

  /// The model card's bytes, or `nil` where none is wanted.
  func modelCard(proof: [String]) throws(FormatError) -> [UInt8]? { try card?(proof) }

  /// What a tokenizer consists of in Hugging Face repositories, old and new.
  private static let tokenizerFileNames = [
    "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "added_tokens.json",
    "special_tokens_map.json", "chat_template.jinja", "chat_template.json",
  ]

  private static func tokenizerFiles(
    in directory: String
  ) throws(FormatError) -> [RepositoryFile] {
    var files: [RepositoryFile] = []
    for name in tokenizerFileNames {
      let path = Paths.join(directory, name)
      guard try SystemCalls.status(path) != nil else { continue }
      let source = try FileSource(path: path)
      files.append(RepositoryFile(copying: source, as: name))
    }
    guard files.first?.name == "tokenizer.json" else {
      throw FormatError(.notFound, "the directory has no tokenizer.json").located(file: directory)
    }
    return files
  }
}
