/// The metadata of a GGUF file, in the order of the file.
public struct GGUFMetadata: Sendable {
  /// One key with its value.
  public struct Entry: Sendable {
    /// The key; unique by bytes.
    public let key: String
    /// The value.
    public let value: GGUFValue

    /// Makes an entry.
    public init(_ key: String, _ value: GGUFValue) {
      self.key = key
      self.value = value
    }
  }

  /// The entries, in the order of the file.
  public private(set) var entries: [Entry] = []
  private var indices: [ByteString: Int] = [:]

  /// Makes metadata of entries; of two with one key the first counts.
  public init(_ entries: [Entry] = []) {
    for entry in entries { append(entry) }
  }

  /// Appends an entry.
  ///
  /// - Returns: `false`, and nothing is appended, when the key is there already.
  @discardableResult
  public mutating func append(_ entry: Entry) -> Bool {
    let key = ByteString(entry.key)
    guard indices[key] == nil else { return false }
    indices[key] = entries.count
    entries.append(entry)
    return true
  }

  /// The value of a key.
  public subscript(_ key: String) -> GGUFValue? {
    indices[ByteString(key)].map { entries[$0].value }
  }
}
