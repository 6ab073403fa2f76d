/// A chat template, which this library passes on byte for byte and never runs.
public struct ChatTemplate: Sendable, Hashable {
  /// `default`, or what follows `tokenizer.chat_template.` in its key.
  public let name: String
  /// The template.
  public let text: String

  /// The templates of a GGUF file, the default one first, the others in the order of the file.
  ///
  /// - Throws: `malformed` for one that is no text in UTF-8.
  public static func all(_ metadata: GGUFMetadata) throws(FormatError) -> [ChatTemplate] {
    let key = "tokenizer.chat_template"
    var templates: [ChatTemplate] = []
    if let text = try metadata.string(key) {
      templates.append(ChatTemplate(name: "default", text: text))
    }
    let prefix = key + "."
    for entry in metadata.entries where entry.key.utf8.starts(with: prefix.utf8) {
      guard let text = try metadata.string(entry.key) else { continue }
      let name = entry.key.unicodeScalars.dropFirst(prefix.unicodeScalars.count)
      templates.append(ChatTemplate(name: String(name), text: text))
    }
    return templates
  }

  /// The value of `chat_template`: the text where there is one of the default name, a list else.
  static func json(_ templates: [ChatTemplate]) -> JSONValue? {
    guard let first = templates.first else { return nil }
    if templates.count == 1, first.name.utf8.elementsEqual("default".utf8) {
      return .string(first.text)
    }
    return .array(templates.map { ["name": .string($0.name), "template": .string($0.text)] })
  }
}
