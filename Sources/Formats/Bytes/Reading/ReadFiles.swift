import Synchronization

/// Small files that were read whole and closed, as they were then.
final class ReadFiles: Sendable {
  private struct Seen: Sendable, Hashable {
    let path: String
    let status: SystemCalls.Status
  }

  private let seen = Mutex<Set<Seen>>([])

  /// Remembers a file.
  func add(_ source: FileSource) {
    seen.withLock { _ = $0.insert(Seen(path: source.name, status: source.status)) }
  }

  /// The bytes of all of them.
  var byteCount: Int { seen.withLock { $0.saturatingSum { $0.status.byteCount } } }

  /// Throws when one of them is no longer what it was, or another file has its name.
  func checkUnchanged() throws(FormatError) {
    let all = seen.withLock { $0.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) } }
    for file in all {
      guard let found = try SystemCalls.status(file.path), found.isSameFile(as: file.status) else {
        throw .replaced(file.path)
      }
      guard found == file.status else { throw .changed(file.path) }
    }
  }
}
