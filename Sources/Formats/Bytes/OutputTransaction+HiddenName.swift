#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension OutputTransaction {
  /// Creates the hidden file or directory and locks it; an unlocked leftover is taken over or removed
  /// first.
  static func acquire(
    _ hidden: String, _ kind: Kind, for path: String, resuming: Bool
  ) throws(FormatError) -> Int32 {
    for _ in 0..<10 {
      if resuming, try SystemCalls.linkStatus(hidden)?.isDirectory == true {
        if let descriptor = try takeOver(hidden, for: path) { return descriptor }
        continue
      }
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
    return try lock(descriptor, hidden, for: path)
  }

  /// - Returns: `nil` when another run removed it before it was locked.
  private static func takeOver(
    _ hidden: String, for path: String
  ) throws(FormatError) -> Int32? {
    do throws(FormatError) {
      let descriptor = try SystemCalls.open(hidden, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      return try lock(descriptor, hidden, for: path)
    } catch  where error.code == .notFound {
      return nil
    } catch {
      throw error
    }
  }

  /// - Returns: `nil` when the hidden name is another file's by now.
  private static func lock(
    _ descriptor: Int32, _ hidden: String, for path: String
  ) throws(FormatError) -> Int32? {
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
    try SystemCalls.removeTree(hidden)
  }

  private static func lockedError(_ path: String) -> FormatError {
    FormatError(.locked, "another run is writing this output").located(file: path)
  }

  static func synchronize(_ directory: String) throws(FormatError) {
    let descriptor = try SystemCalls.open(directory, O_RDONLY)
    defer { try? SystemCalls.close(descriptor, path: directory) }
    try SystemCalls.synchronize(descriptor, path: directory)
  }
}
