/// The files of the output that hold no tensors.
struct Companions: Sendable {
  /// Made from the metadata, or copied.
  let files: [RepositoryFile]
  /// Made last, for it says what was proven.
  private let card: Card?

  /// The bytes of a card: from what was proven, and the path of the output.
  private typealias Card = @Sendable ([String], String) throws(FormatError) -> [UInt8]

  /// For an output that has no such files.
  static let none = Companions(files: [], card: nil)

  private init(files: [RepositoryFile], card: Card?) {
    self.files = files
    self.card = card
  }

  init(
    _ source: ConversionSource, _ layout: RepositoryLayout, _ plan: TargetPlan,
    _ options: ConversionOptions
  ) throws(FormatError) {
    let tokenizer =
      if let directory = options.tokenizerDirectory {
        try Self.tokenizerFiles(in: directory, source.model.documents)
      } else {
        [RepositoryFile]()
      }
    switch source.facts {
    case .gguf(let metadata):
      files =
        try RepositoryFiles.make(
          metadata: metadata, config: source.config(), layout: layout,
          rebuildsTokenizer: tokenizer.isEmpty, card: nil, limits: source.model.limits) + tokenizer
      card =
        options.writesModelCard ? Self.card(metadata, source, layout, plan.notes) : nil
    case .directory(let documents):
      let config = documents.configJSON.describing(
        layout, names: source.names, hasOutput: source.hasOutput)
      // Of two tokenizers nothing is mixed: a template of one would hide that of the other.
      let travelling = try Self.travellers(
        in: documents.directory, options, source.model.documents
      ).filter { tokenizer.isEmpty || !Self.isOfTokenizer($0.name) }
      files = [RepositoryFile("config.json", config)] + travelling + tokenizer
      // The source's own card travels along.
      card = nil
    }
  }

  /// Makes the card once, of nothing proven: what it cannot be made of is refused before anything is
  /// written.
  func checkModelCard(output: String) throws(FormatError) {
    _ = try modelCard(proof: [], output: output)
  }

  /// The model card's bytes, or `nil` where none is wanted.
  func modelCard(proof: [String], output: String) throws(FormatError) -> [UInt8]? {
    try card?(proof, output)
  }

  private static func card(
    _ metadata: GGUFMetadata, _ source: ConversionSource, _ layout: RepositoryLayout,
    _ exceptions: [String]
  ) -> Card {
    { (proof, output) throws(FormatError) in
      // What comes as a stream has no name.
      let name =
        source.model.path == StreamSource.standardInputName
        ? "a stream" : try Paths.ownName(of: source.model.path)
      let notes = ModelCard.Notes(source: name, proof: proof, exceptions: exceptions)
      let card = try ModelCard(
        metadata: metadata, config: source.config(), layout: layout, notes: notes,
        name: Paths.ownName(of: Paths.trimmingSlashes(output)))
      return Array(card.text.utf8)
    }
  }

  /// What a tokenizer consists of in Hugging Face repositories, old and new.
  private static let tokenizerFileNames = [
    "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "added_tokens.json",
    "special_tokens_map.json", "chat_template.jinja", "chat_template.json", "tokenizer.model",
  ]

  private static func isOfTokenizer(_ name: String) -> Bool {
    tokenizerFileNames.contains(name) || name.hasPrefix(ChatTemplate.folder + "/")
  }

  private static func tokenizerFiles(
    in directory: String, _ read: ReadFiles
  ) throws(FormatError) -> [RepositoryFile] {
    var files: [RepositoryFile] = []
    for name in tokenizerFileNames {
      // A link that leads nowhere is a file that is missing, and not one that was never there.
      guard try SystemCalls.linkStatus(Paths.join(directory, name)) != nil else { continue }
      files.append(try RepositoryFile(copying: name, of: directory, read))
    }
    guard files.first?.name == "tokenizer.json" else {
      throw FormatError(.notFound, "the directory has no tokenizer.json").located(file: directory)
    }
    return try files + copies(of: ChatTemplate.furtherFiles(in: directory), in: directory, read)
  }

  /// What a directory holds beside weights and configuration, and what belongs to the model in any
  /// layout. Code does not travel: nobody asked for it.
  private static func travellers(
    in directory: String, _ options: ConversionOptions, _ read: ReadFiles
  ) throws(FormatError) -> [RepositoryFile] {
    let names =
      try SystemCalls.openableNames(in: directory) { isTraveller($0, options) }
      + ChatTemplate.furtherFiles(in: directory)
    return try copies(of: names, in: directory, read)
  }

  private static func copies(
    of names: [String], in directory: String, _ read: ReadFiles
  ) throws(FormatError) -> [RepositoryFile] {
    var files: [RepositoryFile] = []
    for name in names {
      // Only a folder, or a link to one, is none of them: whatever else cannot be copied is refused.
      if try SystemCalls.status(Paths.join(directory, name))?.isDirectory == true { continue }
      files.append(try RepositoryFile(copying: name, of: directory, read))
    }
    return files
  }

  private static func isTraveller(_ name: String, _ options: ConversionOptions) -> Bool {
    if name == "README.md" { return options.writesModelCard }
    let lowercase = name.lowercased()
    return tokenizerFileNames.contains(name)
      || name == "generation_config.json"
      || ["license", "licence", "notice", "use_policy"].contains { lowercase.hasPrefix($0) }
  }
}

extension RepositoryFile {
  /// A copy of a file of a directory.
  fileprivate init(
    copying name: String, of directory: String, _ read: ReadFiles
  ) throws(FormatError) {
    let source = try FileSource(seen: name, of: directory)
    read.add(source)
    self.init(copying: source, as: name)
  }
}
