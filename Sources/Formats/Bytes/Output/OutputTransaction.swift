import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An output that comes into being as a whole or not at all: a file, or a directory of files;
/// Specs/reliability.md §2.
///
/// It is written under one hidden name beside its final place, locked while a run holds it, and
/// renamed once, after it has been made durable and proven. Whoever sees the final name sees
/// everything. A leftover of a run that was killed has no lock, and the next run removes it.
package final class OutputTransaction: Sendable {
  /// Whether the output is a directory or one file.
  package enum Kind: Sendable { case directory, file }

  let places: OutputPlaces
  let kind: Kind
  let replaces: Bool
  /// Of the hidden file or directory, which it keeps locked under whatever name.
  let lockDescriptor: Int32
  private let isCommitted = Atomic<Bool>(false)

  /// The final path.
  package var path: String { places.path }
  /// Where it is written until it is committed.
  package var hiddenPath: String { places.hidden }

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
    places = try OutputPlaces(of: path)
    self.kind = kind
    (replaces, lockDescriptor) = try Self.begin(
      places, kind, replacing: replacing, inputs: inputs, resuming: resuming)
  }

  deinit {
    try? SystemCalls.close(lockDescriptor, path: hiddenPath)
  }

  /// Where a file of the output is written: its hidden path.
  package func path(of name: String) -> String {
    kind == .file ? hiddenPath : Paths.join(hiddenPath, name)
  }

  /// Throws where the disk has no room for so many bytes.
  ///
  /// - Parameter held: How many of them an earlier run has left; they are used, or make room.
  package func checkSpace(for byteCount: Int, held: Int = 0) throws(FormatError) {
    guard let free = try SystemCalls.freeBytes(hiddenPath) else { return }
    guard free >= byteCount - held else {
      throw FormatError(.io, "about \(byteCount) bytes are needed there, \(free + held) are free")
        .located(file: path)
    }
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

  /// Removes whatever has been written, unless it has its name already. For errors and interruptions;
  /// it throws nothing, because the error that led here says more.
  package func rollBack() {
    guard !hasItsName else { return }
    try? SystemCalls.removeTree(hiddenPath)
  }

  /// Whether the output is in its place, and the hidden name no longer belongs to this run.
  var hasItsName: Bool { isCommitted.load(ordering: .relaxed) }

  /// Gives the output its name, and makes that durable. Every file must have been sealed.
  ///
  /// - Returns: What stood in the way of removing what was replaced; the output itself is in place.
  /// - Throws: `io` or `exists`; where the name had been given already, the message says so.
  @discardableResult
  package func commit() throws(FormatError) -> FormatError? {
    if kind == .directory { try Self.synchronize(hiddenPath) }
    let old = try Self.sayingWhyNot(path) { () throws(FormatError) in
      replaces ? try replace() : try renameIntoPlace()
    }
    isCommitted.store(true, ordering: .relaxed)
    defer { old?.release() }
    do throws(FormatError) {
      try Self.synchronize(Paths.parent(of: path))
    } catch {
      // After a power cut the old might be the only one of which anything is left.
      let kept = old.map { "; what it replaced is kept as '\($0.path)'" } ?? ""
      throw FormatError(
        .io, "the output is complete, but it is not known to be durable: \(error.message)\(kept)",
        errno: error.errno
      ).located(file: path)
    }
    return old?.remove()
  }
}
