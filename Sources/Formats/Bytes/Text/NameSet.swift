/// Names, found by their bytes: what finds a repeated name in a header of any size, and tensors by
/// their names.
struct NameSet: Sendable {
  private var names = ByteStrings()
  private var index: ByteStringIndex

  /// - Parameter capacity: Names that are expected.
  init(capacity: Int = 0) {
    index = ByteStringIndex(capacity: capacity)
    names.reserve(capacity, byteCount: 0)
  }

  /// A set of names, numbered in their order; of two that are the same the first one counts.
  init(_ names: some Collection<String>) {
    self.init(capacity: names.count)
    for (number, name) in names.enumerated() {
      self.names.append(name)
      _ = index.insert(number, of: self.names)
    }
  }

  /// Adds a name.
  ///
  /// - Returns: `false` when it is there already.
  mutating func insert(_ name: String) -> Bool {
    names.append(name)
    guard index.insert(names.count - 1, of: names) == nil else {
      names.removeLast()
      return false
    }
    return true
  }

  /// The number of a name, in the order in which they came, or `nil`.
  func number(of name: String) -> Int? {
    name.withBytes { number(of: $0) }
  }

  /// The number of a name that lies in other bytes, or `nil`.
  func number(of name: RawSpan) -> Int? { index.number(of: name, in: names) }
}
