/// `README.md`: the model card.
public struct ModelCard: Sendable {
  /// What the card tells beyond the metadata.
  public struct Notes: Sendable {
    /// The name of the file that the weights came from.
    public var source: String
    /// What was proven about the weights: the caller's own sentences, in Markdown.
    public var proof: [String]
    /// What is not as the card says in general: sentences that may hold names from a file.
    public var exceptions: [String]

    /// Makes notes.
    public init(source: String, proof: [String] = [], exceptions: [String] = []) {
      self.source = source
      self.proof = proof
      self.exceptions = exceptions
    }
  }

  /// The card, in Markdown.
  public let text: String

  /// Makes a card.
  ///
  /// - Parameters:
  ///   - metadata: What the file says about the model.
  ///   - config: Its shape.
  ///   - layout: How the weights are stored.
  ///   - notes: What else there is to say.
  ///   - name: What the model is called where the metadata has no name for it.
  /// - Throws: `malformed` for a `general.*` key of the wrong type.
  public init(
    metadata: GGUFMetadata, config: ModelConfig, layout: RepositoryLayout, notes: Notes,
    name: String = "Model"
  ) throws(FormatError) {
    let name = (try metadata.string("general.name") ?? name).asMarkdownText
    let exceptions = notes.exceptions.map { "* \($0.asMarkdownText)\n" }.joined()
    let proof = notes.proof.map { "* \($0)\n" }.joined()
    text = """
      \(try Self.frontMatter(metadata, layout))
      # \(name), \(layout.title)

      Made by bonsai-fmt from \(notes.source.asMarkdownText): \(config.layerCount) layers, \
      hidden size \(config.hiddenSize), context \(config.contextLength).

      ## Weights

      \(layout.weightsText)\(exceptions.isEmpty ? "" : "\n\nExceptions:\n\n" + exceptions)

      ## Serving

      \(layout.servingText)
      \(proof.isEmpty ? "" : "\n## What was checked\n\n" + proof)
      """
  }

  private static func frontMatter(
    _ metadata: GGUFMetadata, _ layout: RepositoryLayout
  ) throws(FormatError) -> String {
    var lines = ["---"]
    for (field, key) in [
      ("license", "general.license"), ("license_name", "general.license.name"),
      ("license_link", "general.license.link"),
    ] {
      if let value = try metadata.string(key) { lines.append("\(field): \(value.asYAMLScalar)") }
    }
    if let base = try baseModel(metadata) {
      lines.append("base_model: \(base.asYAMLScalar)")
      if layout != .dense { lines.append("base_model_relation: quantized") }
    }
    lines += [
      "library_name: \(layout.libraryName)", "pipeline_tag: text-generation", "tags:",
    ]
    lines += layout.tags.map { "- \($0)" }
    lines += ["- 1-bit", "- bonsai", "- bonsai-fmt", "---", ""]
    return lines.joined(separator: "\n")
  }

  /// The repository of the first base model. Organization and name are no way to it: converters
  /// write them for people.
  private static func baseModel(_ metadata: GGUFMetadata) throws(FormatError) -> String? {
    let prefix = "https://huggingface.co/"
    guard let url = try metadata.string("general.base_model.0.repo_url"),
      url.utf8.starts(with: prefix.utf8)
    else { return nil }
    let path = String(url.unicodeScalars.dropFirst(prefix.unicodeScalars.count))
    return path.utf8.count { $0 == UInt8(ascii: "/") } == 1 ? path : nil
  }
}
