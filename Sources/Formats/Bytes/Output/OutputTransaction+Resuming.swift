/// Files of a directory that are finished before the directory is, so that a later run need not write
/// them again.
///
/// A file is written under a name of its own and gets its name in the hidden directory when it is
/// durable: what has such a name was finished, unless somebody else has touched it.
extension OutputTransaction {
  private static let unfinished = ".part"

  /// Whether an earlier run may have left files of an output.
  ///
  /// - Throws: `locked` where another run is at work on it.
  static func hasLeftover(of path: String) throws(FormatError) -> Bool {
    let places = OutputPlaces(Paths.trimmingSlashes(path))
    guard (try? SystemCalls.list(places.hidden).isEmpty) == false,
      let descriptor = try hold(places.hidden, of: places.path)
    else { return false }
    try SystemCalls.close(descriptor, path: places.hidden)
    return true
  }

  /// Creates a file that ``finish(_:_:)`` will give its name.
  func createUnfinished(_ name: String, byteCount: Int) throws(FormatError) -> OutputFile {
    let path = path(of: name + Self.unfinished)
    try SystemCalls.removeTree(path)
    return try OutputFile(creating: path, byteCount: byteCount)
  }

  /// Makes a file durable and gives it its name.
  func finish(_ file: OutputFile, _ name: String) throws(FormatError) {
    try file.seal()
    try SystemCalls.rename(path(of: name + Self.unfinished), to: path(of: name))
    try Self.synchronize(hiddenPath)
  }

  /// Removes what is there but for files of these names; a name that is no file's is removed too.
  func removeAll(but names: [String]) throws(FormatError) {
    try SystemCalls.removeEntries(of: hiddenPath, but: names)
  }

  /// The bytes of all files that are there.
  func heldByteCount() throws(FormatError) -> Int {
    try SystemCalls.measureTree(hiddenPath).byteCount
  }

  /// Ends the run without an output: what is finished stays for another one, if anything is.
  func interrupt(keeping names: [String]) {
    guard !hasItsName else { return }
    do throws(FormatError) {
      try removeAll(but: names)
      if try SystemCalls.list(hiddenPath).isEmpty { rollBack() }
    } catch {
      // The next run removes what is left; the error that led here says more.
    }
  }
}
