/// The documents of a Hugging Face directory that the metadata of a GGUF file is made of;
/// Specs/names.md §7 and §8.
public struct ModelDocuments: Sendable {
  /// The directory's path.
  public let directory: String
  /// The name that the model goes by where nothing else names it: the directory's own.
  public var folder: String
  let config: ConfigMembers
  let generation: ConfigMembers
  let tokenizerConfig: ConfigMembers
  let templates: [ChatTemplate]
  let card: FrontMatter
  private let files: DirectoryFiles

  /// Opens a directory's documents. Only `config.json` must be there.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - folder: Another name for it, for paths that end in none (`.`).
  ///   - limits: What is believed.
  /// - Throws: `notFound`, `malformed`, `limit` or `io`.
  public init(
    directory: String, folder: String? = nil, limits: Limits = .standard
  ) throws(FormatError) {
    try self.init(directory: directory, folder: folder, limits: limits, read: ReadFiles())
  }

  /// - Parameter read: Remembers the files.
  init(
    directory: String, folder: String? = nil, limits: Limits, read: ReadFiles
  ) throws(FormatError) {
    let files = DirectoryFiles(directory: directory, limits: limits, read: read)
    self.directory = directory
    self.folder = if let folder { folder } else { try Paths.ownName(of: directory) }
    config = try files.needed("config.json")
    generation = try files.members("generation_config.json")
    tokenizerConfig = try files.members("tokenizer_config.json")
    templates = try ChatTemplate.all(files, tokenizerConfig)
    let limit = files.limits[.frontMatter]
    card =
      try files.text("README.md", upTo: limit).map { FrontMatter(card: $0, limit: limit) }
      ?? FrontMatter()
    self.files = files
  }

  /// Where `tokenizer.json` is.
  var tokenizerPath: String { files.path("tokenizer.json") }

  /// `tokenizer.json`, which a GGUF is made with.
  ///
  /// - Throws: `notFound`, `limit` or `io`.
  func tokenizer() throws(FormatError) -> any ByteSource {
    try files.source("tokenizer.json", .tokenizer)
  }

  /// What a GGUF's keys of the tokenizer are made of.
  ///
  /// - Throws: `notFound`, `malformed`, `unsupported`, `limit` or `io`, of `tokenizer.json`.
  func tokenizerKeys(
    vocabularySize: Int, preTokenizer: String? = nil, keepsSpacePrefix: Bool = false
  ) throws(FormatError) -> TokenizerKeys {
    let file = try tokenizer()
    let tokenizer = try TokenizerDocument(
      file.bytes(0..<(file.byteCount ?? 0)), vocabularySize: vocabularySize, file: file.name,
      limits: files.limits)
    return TokenizerKeys(
      tokenizer: tokenizer, tokenizerConfig: tokenizerConfig, config: config,
      templates: templates, preTokenizer: preTokenizer, keepsSpacePrefix: keepsSpacePrefix)
  }

  /// `config.json`.
  public var configJSON: JSONValue { config.json }

  /// The names of the model's architecture.
  ///
  /// - Throws: `unsupported` for one that has no table.
  func names() throws(FormatError) -> NameTable { try ModelConfig.names(config) }

  /// What `config.json` says about the model.
  ///
  /// - Parameter tensors: The directory's tensors, under their Hugging Face names.
  /// - Throws: What ``ModelConfig/init(config:tensors:file:)`` throws.
  public func modelConfig(tensors: [Tensor]) throws(FormatError) -> ModelConfig {
    try ModelConfig(
      config: config.json, tensors: tensors, file: config.file, limits: config.limits)
  }
}

extension GGUFMetadata {
  /// The metadata that llama.cpp's tools write for a directory: the same keys, types, values and
  /// order.
  ///
  /// - Parameters:
  ///   - documents: The directory's documents.
  ///   - config: What they say about the model.
  ///   - parameterCount: The elements of all tensors of the file, norms included.
  ///   - fileType: `general.file_type`.
  ///   - isQuantized: Whether the order is that of llama-quantize, which moves two keys to the end,
  ///     or that of the converter.
  ///   - preTokenizer: `tokenizer.ggml.pre`, where the tokenizer's own pattern is not to decide.
  /// - Throws: `unsupported` for a tokenizer that is no byte-level BPE or splits text in an unknown
  ///   way; `malformed` for members of wrong types and tokens that do not fit each other; `limit`.
  public init(
    documents: ModelDocuments, config: ModelConfig, parameterCount: Int, fileType: UInt32,
    isQuantized: Bool = true, preTokenizer: String? = nil
  ) throws(FormatError) {
    let table = GGUFKeyTable.table(for: config.names)
    let tokenizerKeys = try documents.tokenizerKeys(
      vocabularySize: config.vocabularySize, preTokenizer: preTokenizer,
      keepsSpacePrefix: table.keepsSpacePrefix)
    let general = GeneralKeys(
      documents.card, config: documents.config.json, folder: documents.folder,
      parameterCount: parameterCount)
    let type = Entry("general.file_type", .uint32(fileType))
    let version = Entry("general.quantization_version", .uint32(2))
    var entries: [Entry] = [
      .init("general.architecture", .string(ByteString(table.architecture))),
      .init("general.type", .string(ByteString("model"))),
    ]
    entries += try SamplingKeys.entries(documents.generation) + general.entries
    for row in table.rows { if let entry = try row.entry(config) { entries.append(entry) } }
    if !isQuantized { entries.append(type) }
    for row in table.rowsAfterFileType {
      if let entry = try row.entry(config) { entries.append(entry) }
    }
    if !isQuantized { entries.append(version) }
    entries += try tokenizerKeys.entries()
    if isQuantized { entries += [version, type] }
    self.init(entries)
  }
}
