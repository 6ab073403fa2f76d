#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An output that comes into being as a whole or not at all: a file, or a directory of files.
///
/// It is written under one hidden name beside its final place, locked while a run holds it, and
/// renamed once, after it has been made durable and proven. Whoever sees the final name sees
/// everything. A leftover of a run that was killed has no lock, and the next run removes it.
package final class OutputTransaction: Sendable {
  /// Whether the output is a directory or one file.
  package enum Kind: Sendable { case directory, file }

  /// The final path.
  package let path: String
  /// Where it is written until it is committed.
  package let hiddenPath: String
  private let kind: Kind
  private let replaces: Bool
  private let lockDescriptor: Int32

  /// What the system says where nothing can be made, as opposed to a disk that fails.
  private static let refusals: Set<Int32> = [
    EACCES, EPERM, EROFS, ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP,
  ]

  /// Begins an output.
  ///
  /// - Parameters:
  ///   - path: The final path. Its parent must exist.
  ///   - kind: A directory or one file.
  ///   - replacing: Whether something that exists there may be replaced.
  ///   - inputs: The files and directories that are read: none of them may be the output, contain
  ///     it or lie inside it.
  ///   - resuming: Whether a directory that an earlier run has left is taken over, rather than
  ///     removed.
  /// - Throws: `exists`, `locked`, `usage` for an output that meets an input, or `io`.
  package init(
    _ path: String, _ kind: Kind, replacing: Bool, inputs: [String], resuming: Bool = false
  ) throws(FormatError) {
    let path = Paths.trimmingSlashes(path)
    let name = Paths.name(of: path)
    guard name != "..", name != ".", name != "/" else {
      throw FormatError(.usage, "the output needs a name of its own").located(file: path)
    }
    hiddenPath = Paths.join(Paths.parent(of: path), ".\(name).bonsai-fmt-partial")
    self.path = path
    self.kind = kind
    (replaces, lockDescriptor) = try Self.begin(
      path, hiddenPath, kind, replacing: replacing, inputs: inputs, resuming: resuming)
  }

  /// Checks the place, and takes hold of the hidden name.
  private static func begin(
    _ path: String, _ hidden: String, _ kind: Kind, replacing: Bool, inputs: [String],
    resuming: Bool
  ) throws(FormatError) -> (replaces: Bool, lockDescriptor: Int32) {
    do throws(FormatError) {
      let parent = Paths.parent(of: path)
      guard try SystemCalls.status(parent)?.isDirectory == true else {
        throw FormatError(.exists, "cannot be made: there is no directory '\(parent)'")
          .located(file: path)
      }
      try checkApart(path, from: inputs)
      let existing = try SystemCalls.linkStatus(path)
      try checkFree(path, existing, kind, replacing)
      return (existing != nil, try acquire(hidden, kind, for: path, resuming: resuming))
    } catch {
      guard refusals.contains(error.errno ?? 0) else { throw error }
      throw FormatError(.exists, "cannot be made: \(error.message)", errno: error.errno)
        .located(file: path)
    }
  }

  deinit {
    try? SystemCalls.close(lockDescriptor, path: hiddenPath)
  }

  /// Where a file of the output is written: its hidden path.
  package func path(of name: String) -> String {
    kind == .file ? hiddenPath : Paths.join(hiddenPath, name)
  }

  /// Creates a file of the output, and the folder that is part of its name where there is one.
  package func create(_ name: String, byteCount: Int) throws(FormatError) -> OutputFile {
    guard kind == .file else { return try createInDirectory(path(of: name), byteCount) }
    // A single file is its own lock, and was made when that was acquired.
    return try OutputFile(
      SystemCalls.duplicate(lockDescriptor, path: hiddenPath), path: hiddenPath,
      byteCount: byteCount)
  }

  private func createInDirectory(
    _ path: String, _ byteCount: Int
  ) throws(FormatError) -> OutputFile {
    let folder = Paths.parent(of: path)
    guard folder != hiddenPath else { return try OutputFile(creating: path, byteCount: byteCount) }
    if try SystemCalls.status(folder) == nil { try SystemCalls.makeDirectory(folder) }
    let file = try OutputFile(creating: path, byteCount: byteCount)
    try Self.synchronize(folder)
    return file
  }

  /// Removes whatever has been written. For errors and interruptions; it throws nothing, because
  /// the error that led here says more.
  package func rollBack() {
    try? SystemCalls.removeTree(hiddenPath)
  }

  /// Gives the output its name, and makes that durable. Every file must have been sealed.
  ///
  /// - Returns: What stood in the way of removing what was replaced; the output itself is in place.
  /// - Throws: `io` or `exists`; where the name had been given already, the message says so.
  @discardableResult
  package func commit() throws(FormatError) -> FormatError? {
    if kind == .directory { try Self.synchronize(hiddenPath) }
    let old = replaces ? try replace() : nil
    if !replaces { try renameIntoPlace() }
    do throws(FormatError) {
      try Self.synchronize(Paths.parent(of: path))
    } catch {
      throw FormatError(
        .io, "the output is complete, but it is not known to be durable: \(error.message)",
        errno: error.errno
      ).located(file: path)
    }
    guard let old else { return nil }
    do throws(FormatError) {
      try SystemCalls.removeTree(old)
      return nil
    } catch {
      return error
    }
  }

  private func renameIntoPlace() throws(FormatError) {
    do {
      try SystemCalls.renameExclusively(hiddenPath, to: path)
    } catch  where error.errno == EINVAL || error.errno == ENOSYS {
      guard try SystemCalls.linkStatus(path) == nil else { throw Self.exists(path) }
      try SystemCalls.rename(hiddenPath, to: path)
    } catch  where error.code == .exists {
      throw Self.exists(path)
    } catch {
      throw error
    }
  }

  /// Puts the output in the place of what is there; returns where that is now.
  private func replace() throws(FormatError) -> String {
    do {
      try SystemCalls.exchange(hiddenPath, with: path)
      return hiddenPath
    } catch  where error.errno == EINVAL || error.errno == ENOSYS {
      let aside = hiddenPath + "-old"
      try SystemCalls.rename(path, to: aside)
      do throws(FormatError) {
        try SystemCalls.rename(hiddenPath, to: path)
      } catch {
        try? SystemCalls.rename(aside, to: path)
        throw error
      }
      return aside
    } catch {
      throw error
    }
  }
}
