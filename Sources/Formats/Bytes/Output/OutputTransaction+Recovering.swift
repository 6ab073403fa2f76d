/// What is found where a run had put aside what it was to replace.
extension OutputTransaction {
  enum Recovery: Sendable {
    /// Nothing was there.
    case nothing
    /// The run had died before its output had the name: the old one has it again.
    case broughtBack
    /// The run had died after that: the old one has been removed.
    case removed
  }

  /// - Parameter isDryRun: Whether nothing is changed, but found out what would be.
  static func recoverAside(
    _ places: OutputPlaces, isDryRun: Bool = false
  ) throws(FormatError) -> Recovery {
    let (path, aside) = (places.path, places.aside)
    guard try SystemCalls.linkStatus(aside) != nil,
      let descriptor = try hold(aside, of: path)
    else { return .nothing }
    defer { try? SystemCalls.close(descriptor, path: aside) }
    guard try SystemCalls.linkStatus(path) == nil else {
      if !isDryRun { try SystemCalls.removeTree(aside) }
      return .removed
    }
    guard !isDryRun else { return .broughtBack }
    do throws(FormatError) {
      try SystemCalls.renameExclusively(aside, to: path)
    } catch  where SystemCalls.isMissing(error) {
      try SystemCalls.rename(aside, to: path)
    } catch {
      throw error
    }
    try synchronize(Paths.parent(of: path))
    return .broughtBack
  }
}
