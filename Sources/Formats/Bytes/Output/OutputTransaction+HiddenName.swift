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
    _ places: OutputPlaces, _ kind: Kind, resuming: Bool
  ) throws(FormatError) -> Int32 {
    let hidden = places.hidden
    // Others may take, remove and make it at the same time.
    for _ in 0..<10 {
      if let leftover = try SystemCalls.linkStatus(hidden) {
        guard let descriptor = try hold(hidden, of: places.path) else { continue }
        if resuming && leftover.isDirectory && leftover.isOwn { return descriptor }
        defer { try? SystemCalls.close(descriptor, path: hidden) }
        try SystemCalls.removeTree(hidden)
      }
      if let descriptor = try make(places, kind) { return descriptor }
    }
    throw lockedError(places.path)
  }

  /// - Returns: `nil` when another run was faster, or took it for a leftover before it was locked.
  private static func make(
    _ places: OutputPlaces, _ kind: Kind
  ) throws(FormatError) -> Int32? {
    do throws(FormatError) {
      guard kind == .directory else {
        let descriptor = try SystemCalls.open(places.hidden, O_RDWR | O_CREAT | O_EXCL)
        return try removingAfterFailure(places) { () throws(FormatError) in
          try lock(descriptor, places.hidden, of: places.path)
        }
      }
      try SystemCalls.makeDirectory(places.hidden)
      return try removingAfterFailure(places) { () throws(FormatError) in
        try hold(places.hidden, of: places.path)
      }
    } catch  where error.code == .exists && error.errno != nil {
      return nil
    } catch {
      throw error
    }
  }

  /// What has been made and cannot be locked is no use to anybody.
  private static func removingAfterFailure(
    _ places: OutputPlaces, _ body: () throws(FormatError) -> Int32?
  ) throws(FormatError) -> Int32? {
    do throws(FormatError) {
      return try body()
    } catch {
      if error.code != .locked { try? SystemCalls.removeTree(places.hidden) }
      throw error
    }
  }

  /// Opens and locks what has a name.
  ///
  /// - Returns: `nil` when nothing has that name, or something else by the time that it is locked: only
  ///   who holds the lock removes what is there.
  static func hold(_ name: String, of path: String) throws(FormatError) -> Int32? {
    let descriptor: Int32
    do throws(FormatError) {
      descriptor = try SystemCalls.open(name, O_RDONLY | O_NOFOLLOW)
    } catch  where error.code == .notFound {
      return nil
    } catch {
      throw error
    }
    return try lock(descriptor, name, of: path)
  }

  private static func lock(
    _ descriptor: Int32, _ name: String, of path: String
  ) throws(FormatError) -> Int32? {
    do throws(FormatError) {
      guard try SystemCalls.lock(descriptor, path: name) else { throw lockedError(path) }
      let held = try SystemCalls.status(descriptor, path: name)
      if try SystemCalls.linkStatus(name)?.isSameFile(as: held) == true { return descriptor }
    } catch {
      try? SystemCalls.close(descriptor, path: name)
      throw error
    }
    try? SystemCalls.close(descriptor, path: name)
    return nil
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
