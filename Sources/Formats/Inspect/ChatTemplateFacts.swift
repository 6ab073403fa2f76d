extension Inspection {
  /// A chat template that the model brings along.
  public struct ChatTemplateFacts: Sendable, Hashable {
    /// `default`, or its own name.
    public let name: String
    /// The bytes of its text.
    public let byteCount: Int

    /// The templates; a file that cannot be understood has none.
    static func all(_ model: Model) -> [ChatTemplateFacts] {
      if let gguf = model.gguf {
        let templates = (try? ChatTemplate.all(gguf.metadata)) ?? []
        return templates.map { ChatTemplateFacts(name: $0.name, byteCount: $0.text.utf8.count) }
      }
      guard let directory = model.configDirectory else { return [] }
      return (try? ofFile(in: directory))
        ?? (try? ofTokenizerConfig(in: directory, model.limits)) ?? []
    }

    /// Transformers reads this file, where there is one, in place of the configuration's member.
    private static func ofFile(
      in directory: String
    ) throws(FormatError) -> [ChatTemplateFacts]? {
      let path = Paths.join(directory, "chat_template.jinja")
      guard let status = try SystemCalls.status(path), status.isRegular else { return nil }
      return [ChatTemplateFacts(name: "default", byteCount: status.byteCount)]
    }

    private static func ofTokenizerConfig(
      in directory: String, _ limits: Limits
    ) throws(FormatError) -> [ChatTemplateFacts] {
      let path = Paths.join(directory, "tokenizer_config.json")
      let source = try FileSource(member: "tokenizer_config.json", of: directory)
      guard let count = source.byteCount, count <= limits[.config] else { return [] }
      let config = try JSONValue(parsing: source.bytes(0..<count), name: path, limits: limits)
      switch config["chat_template"] {
      case .string(let text)?:
        return [ChatTemplateFacts(name: "default", byteCount: text.utf8.count)]
      case .array(let templates)?:
        return templates.compactMap { template in
          guard let name = template["name"]?.text, let text = template["template"]?.text else {
            return nil
          }
          return ChatTemplateFacts(name: name, byteCount: text.utf8.count)
        }
      default: return []
      }
    }
  }
}
