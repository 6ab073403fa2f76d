/// The `__metadata__` of a safetensors file: text by name, in the order of the file.
public struct SafetensorsMetadata: Sendable, Hashable {
  /// One name with its text.
  public struct Entry: Sendable, Hashable {
    /// The name; unique by bytes.
    public let name: String
    /// The text.
    public let value: String

    /// Makes an entry.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The entries, in the order of the file.
  public let entries: [Entry]

  /// Makes metadata of entries; the order is kept.
  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// The text of a name, or `nil`.
  public subscript(_ name: String) -> String? {
    entries.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}

extension SafetensorsMetadata: ExpressibleByDictionaryLiteral {
  /// Metadata of names and texts, in this order.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Entry($0.0, $0.1) })
  }
}
