extension String {
  /// The text before a suffix, or `nil` where it does not end in it.
  func dropping(suffix: String) -> String? {
    let count = utf8.count - suffix.utf8.count
    guard count > 0, utf8.dropFirst(count).elementsEqual(suffix.utf8) else { return nil }
    return String(utf8.prefix(count))
  }
}
