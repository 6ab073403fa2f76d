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

  /// Begins an output.
  ///
  /// - Parameters:
  ///   - path: The final path. Its parent must exist.
  ///   - kind: A directory or one file.
  ///   - replacing: Whether something that exists there may be replaced.
  ///   - inputs: The files and directories that are read: none of them may be the output, contain
  ///     it or lie inside it.
  /// - Throws: `exists`, `locked`, `usage` for an output that meets an input, or `io`.
  package init(
    _ path: String, _ kind: Kind, replacing: Bool, inputs: [String]
  ) throws(FormatError) {
    let path = Paths.trimmingSlashes(path)
    let parent = Paths.parent(of: path)
    let name = Paths.name(of: path)
    guard name != "..", name != ".", name != "/" else {
      throw FormatError(.usage, "the output needs a name of its own").located(file: path)
    }
    guard try SystemCalls.status(parent)?.isDirectory == true else {
      throw FormatError(.exists, "cannot be made: there is no directory '\(parent)'")
        .located(file: path)
    }
    try Self.checkApart(path, from: inputs)
    let existing = try SystemCalls.linkStatus(path)
    try Self.checkFree(path, existing, kind, replacing)
    self.path = path
    self.kind = kind
    replaces = existing != nil
    hiddenPath = Paths.join(parent, ".\(name).bonsai-fmt-partial")
    lockDescriptor = try Self.acquire(hiddenPath, kind, for: path)
  }

  deinit {
    try? SystemCalls.close(lockDescriptor, path: hiddenPath)
  }

  /// Where a file of the output is written: its hidden path.
  package func path(of name: String) -> String {
    kind == .file ? hiddenPath : Paths.join(hiddenPath, name)
  }

  /// Creates a file of the output.
  package func create(_ name: String, byteCount: Int) throws(FormatError) -> OutputFile {
    guard kind == .file else {
      return try OutputFile(creating: path(of: name), byteCount: byteCount)
    }
    // A single file is its own lock, and was made when that was acquired.
    return try OutputFile(
      SystemCalls.duplicate(lockDescriptor, path: hiddenPath), path: hiddenPath,
      byteCount: byteCount)
  }

  /// Removes whatever has been written. For errors and interruptions; it throws nothing, because
  /// the error that led here says more.
  package func rollBack() {
    try? Self.remove(hiddenPath)
  }

  /// Gives the output its name. Every file must have been sealed.
  ///
  /// - Throws: `io` or `exists`; nothing is then at the final path that was not there before.
  package func commit() throws(FormatError) {
    if kind == .directory { try Self.synchronize(hiddenPath) }
    if replaces {
      try replace()
    } else {
      try renameIntoPlace()
    }
    try Self.synchronize(Paths.parent(of: path))
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

  private func replace() throws(FormatError) {
    do {
      try SystemCalls.exchange(hiddenPath, with: path)
      try Self.remove(hiddenPath)
    } catch  where error.errno == EINVAL || error.errno == ENOSYS {
      let aside = hiddenPath + "-old"
      try SystemCalls.rename(path, to: aside)
      do throws(FormatError) {
        try SystemCalls.rename(hiddenPath, to: path)
      } catch {
        try? SystemCalls.rename(aside, to: path)
        throw error
      }
      try Self.remove(aside)
    } catch {
      throw error
    }
  }
}

// MARK: - Checks

extension OutputTransaction {
  private static func exists(_ path: String) -> FormatError {
    FormatError(.exists, "exists already; --force replaces it").located(file: path)
  }

  private static func checkFree(
    _ path: String, _ existing: SystemCalls.Status?, _ kind: Kind, _ replacing: Bool
  ) throws(FormatError) {
    guard let existing else { return }
    guard replacing else { throw exists(path) }
    let fits = kind == .directory ? existing.isDirectory : existing.isRegular
    guard fits else {
      let wanted = kind == .directory ? "directory" : "file"
      throw FormatError(.exists, "is no \(wanted), and only a \(wanted) can be replaced by one")
        .located(file: path)
    }
  }

  /// Compares by device and inode: the same place has many spellings.
  private static func checkApart(_ path: String, from inputs: [String]) throws(FormatError) {
    for input in inputs {
      guard let status = try SystemCalls.status(input) else { continue }
      if let output = try SystemCalls.status(path) {
        guard !output.isSameFile(as: status) else {
          throw FormatError(.usage, "the output is the input").located(file: path)
        }
        if try lies(input, within: output) {
          throw FormatError(.usage, "the input '\(input)' lies inside the output")
            .located(file: path)
        }
      }
      if status.isDirectory, try lies(Paths.parent(of: path), within: status) {
        throw FormatError(.usage, "the output would lie inside the input '\(input)'")
          .located(file: path)
      }
    }
  }

  /// Whether a path is that directory or lies somewhere below it.
  private static func lies(
    _ path: String, within directory: SystemCalls.Status
  ) throws(FormatError) -> Bool {
    guard var place = try SystemCalls.resolve(path) else { return false }
    while true {
      if try SystemCalls.status(place)?.isSameFile(as: directory) == true { return true }
      if place == "/" || place == "." { return false }
      place = Paths.parent(of: place)
    }
  }
}

// MARK: - The hidden name

extension OutputTransaction {
  /// Creates the hidden file or directory and locks it; removes an unlocked leftover first.
  private static func acquire(
    _ hidden: String, _ kind: Kind, for path: String
  ) throws(FormatError) -> Int32 {
    for _ in 0..<10 {
      if try SystemCalls.linkStatus(hidden) != nil {
        try removeLeftover(hidden, for: path)
      }
      do throws(FormatError) {
        if let descriptor = try make(hidden, kind, for: path) { return descriptor }
      } catch  where error.code == .exists && error.errno != nil {
        continue
      } catch {
        throw error
      }
    }
    throw lockedError(path)
  }

  /// - Returns: `nil` when another run took it for a leftover before it was locked.
  private static func make(
    _ hidden: String, _ kind: Kind, for path: String
  ) throws(FormatError) -> Int32? {
    let descriptor: Int32
    switch kind {
    case .directory:
      try SystemCalls.makeDirectory(hidden)
      descriptor = try SystemCalls.open(hidden, O_RDONLY)
    case .file:
      descriptor = try SystemCalls.open(hidden, O_RDWR | O_CREAT | O_EXCL)
    }
    guard try SystemCalls.lock(descriptor, path: hidden) else {
      try? SystemCalls.close(descriptor, path: hidden)
      throw lockedError(path)
    }
    let held = try SystemCalls.status(descriptor, path: hidden)
    guard try SystemCalls.linkStatus(hidden)?.isSameFile(as: held) == true else {
      try? SystemCalls.close(descriptor, path: hidden)
      return nil
    }
    return descriptor
  }

  private static func removeLeftover(_ hidden: String, for path: String) throws(FormatError) {
    let descriptor: Int32
    do throws(FormatError) {
      descriptor = try SystemCalls.open(hidden, O_RDONLY | O_NOFOLLOW)
    } catch  where error.code == .notFound {
      return
    } catch {
      throw error
    }
    defer { try? SystemCalls.close(descriptor, path: hidden) }
    guard try SystemCalls.lock(descriptor, path: hidden) else { throw lockedError(path) }
    try remove(hidden)
  }

  private static func lockedError(_ path: String) -> FormatError {
    FormatError(.locked, "another run is writing this output").located(file: path)
  }

  /// Removes a file, or a directory of files as this type makes them.
  private static func remove(_ path: String) throws(FormatError) {
    guard let status = try SystemCalls.linkStatus(path) else { return }
    guard status.isDirectory else { return try SystemCalls.removeFile(path) }
    for name in try SystemCalls.list(path) { try remove(Paths.join(path, name)) }
    try SystemCalls.removeDirectory(path)
  }

  private static func synchronize(_ directory: String) throws(FormatError) {
    let descriptor = try SystemCalls.open(directory, O_RDONLY)
    defer { try? SystemCalls.close(descriptor, path: directory) }
    try SystemCalls.synchronize(descriptor, path: directory)
  }
}

extension SystemCalls.Status {
  func isSameFile(as other: SystemCalls.Status) -> Bool {
    device == other.device && inode == other.inode
  }
}
