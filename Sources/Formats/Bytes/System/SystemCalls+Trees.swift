#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Directories with all that is in them. By the bytes of names, which need not be text.
extension SystemCalls {
  /// Removes a file, or a directory with all that is in it; what is gone already is as good.
  ///
  /// Goes by the bytes of names, which need not be text, and never follows a link.
  package static func removeTree(_ path: String) throws(FormatError) {
    guard let status = try linkStatus(path) else { return }
    try goneIsRemoved { () throws(FormatError) in
      guard status.isDirectory else { return try removeFile(path) }
      guard let descriptor = try openOrRemoveDirectory(path) else { return }
      try removeEntries(descriptor, path: path)
      try removeDirectory(path)
    }
  }

  /// Opens a directory. One that may not be opened can be empty: then it is removed, and `nil` comes back.
  private static func openOrRemoveDirectory(_ path: String) throws(FormatError) -> Int32? {
    do throws(FormatError) {
      return try open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    } catch  where error.errno == EACCES {
      do throws(FormatError) { try removeDirectory(path) } catch _ { throw error }
      return nil
    } catch {
      throw error
    }
  }

  /// Removes what is in a directory but for regular files of these names, by their bytes, that are
  /// this user's own, and have no other name.
  package static func removeEntries(of path: String, but kept: [String]) throws(FormatError) {
    let kept = Set(kept.map { ByteString($0).bytes })
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try withEntries(descriptor, path: path) { (descriptor, names) throws(FormatError) in
      for name in names {
        let bytes = name.dropLast().map { UInt8(bitPattern: $0) }
        if kept.contains(bytes), let text = ByteString(bytes).text,
          try linkStatus(Paths.join(path, text))?.isOwnAlone == true
        {
          continue
        }
        try removeEntry(name, in: descriptor, path: path)
      }
    }
  }

  /// Removes what is in a directory, and closes its descriptor.
  private static func removeEntries(_ descriptor: Int32, path: String) throws(FormatError) {
    try withEntries(descriptor, path: path) { (descriptor, names) throws(FormatError) in
      for name in names { try removeEntry(name, in: descriptor, path: path) }
    }
  }

  private static func removeEntry(
    _ name: [CChar], in descriptor: Int32, path: String
  ) throws(FormatError) {
    try goneIsRemoved { () throws(FormatError) in
      let inner = try openDirectory(name, in: descriptor, path: path)
      if let inner { try removeEntries(inner, path: path) }
      _ = try call(.unlinkat, "remove what is in it", path) {
        unsafe unlinkat(descriptor, name, inner == nil ? 0 : AT_REMOVEDIR)
      }
    }
  }

  /// The bytes of the files in a directory, and in those within it, and how many there are: of a file
  /// its own. Never follows a link.
  package static func measureTree(
    _ path: String
  ) throws(FormatError) -> (byteCount: Int, fileCount: Int) {
    guard let status = try linkStatus(path) else { return (0, 0) }
    guard status.isDirectory else { return (status.byteCount, 1) }
    return try measureEntries(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path: path)
  }

  private static func measureEntries(
    _ descriptor: Int32, path: String
  ) throws(FormatError) -> (byteCount: Int, fileCount: Int) {
    try withEntries(descriptor, path: path) { (descriptor, names) throws(FormatError) in
      var sum = (byteCount: 0, fileCount: 0)
      for name in names {
        try goneIsRemoved { () throws(FormatError) in
          let found =
            if let inner = try openDirectory(name, in: descriptor, path: path) {
              try measureEntries(inner, path: path)
            } else {
              try (byteCount: byteCount(of: name, in: descriptor, path: path), fileCount: 1)
            }
          sum.byteCount = sum.byteCount.saturatingSum(found.byteCount)
          sum.fileCount += found.fileCount
        }
      }
      return sum
    }
  }

  private static func byteCount(
    of name: [CChar], in descriptor: Int32, path: String
  ) throws(FormatError) -> Int {
    var value = stat()
    _ = try call(.fstatat, "look at what is in it", path) {
      unsafe fstatat(descriptor, name, &value, AT_SYMLINK_NOFOLLOW)
    }
    return Int(value.st_size)
  }

  private static func goneIsRemoved(
    _ body: () throws(FormatError) -> Void
  ) throws(FormatError) {
    do {
      try body()
    } catch  where error.errno == ENOENT {
      // Another run was faster.
    } catch {
      throw error
    }
  }
}
