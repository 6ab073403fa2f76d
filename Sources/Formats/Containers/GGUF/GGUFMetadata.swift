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
  /// The keys, in the order of the entries.
  private var keys: NameSet

  /// Makes metadata of entries; of two with one key the first counts.
  public init(_ entries: [Entry] = []) {
    self.init(capacity: entries.count)
    for entry in entries { append(entry) }
  }

  /// Metadata without entries, with room for as many as are known to follow.
  init(capacity: Int) {
    keys = NameSet(capacity: capacity)
    entries.reserveCapacity(capacity)
  }

  /// Appends an entry.
  ///
  /// - Returns: `false`, and nothing is appended, when the key is there already.
  @discardableResult
  public mutating func append(_ entry: Entry) -> Bool {
    guard keys.insert(entry.key) else { return false }
    entries.append(entry)
    return true
  }

  /// The value of a key.
  public subscript(_ key: String) -> GGUFValue? {
    keys.number(of: key).map { entries[$0].value }
  }
}
