/// Names, each once by its bytes: what finds a repeated name in a header of any size.
struct NameSet {
  private var names = ByteStrings()
  private var index = ByteStringIndex()

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
}
