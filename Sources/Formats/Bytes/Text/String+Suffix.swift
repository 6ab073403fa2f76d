// Ends of texts, by their bytes. Headers can have 100,000 names and each is asked several times: the
// standard library's views of UTF-8 would go byte by byte.
extension String {
  /// Whether another text has the same bytes.
  func hasSameBytes(as other: String) -> Bool {
    withBytes { one in other.withBytes { one.hasSameBytes(as: $0) } }
  }

  /// Whether the text ends in another one.
  func ends(in suffix: String) -> Bool {
    withBytes { text in suffix.withBytes { text.ends(in: $0) } }
  }

  /// The text before a suffix, or `nil` where it does not end in it.
  func dropping(suffix: String) -> String? {
    let count = utf8.count - suffix.utf8.count
    guard count > 0, ends(in: suffix) else { return nil }
    return String(utf8.prefix(count))
  }
}
