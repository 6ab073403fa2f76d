extension Inspection {
  /// A chat template that the model brings along.
  public struct ChatTemplateFacts: Sendable, Hashable {
    /// `default`, or its own name.
    public let name: String
    /// The bytes of its text.
    public let byteCount: Int

    /// The templates that a conversion passes on; a file that cannot be understood has none.
    static func all(_ model: Model) -> [ChatTemplateFacts] {
      if let gguf = model.gguf {
        return facts((try? ChatTemplate.all(gguf.metadata)) ?? [])
      }
      guard let directory = model.configDirectory else { return [] }
      let files = DirectoryFiles(directory: directory, limits: model.limits)
      let templates = try? ChatTemplate.all(files, files.members("tokenizer_config.json"))
      return facts(templates ?? [])
    }

    private static func facts(_ templates: [ChatTemplate]) -> [ChatTemplateFacts] {
      templates.map { ChatTemplateFacts(name: $0.name, byteCount: $0.text.utf8.count) }
    }
  }
}
