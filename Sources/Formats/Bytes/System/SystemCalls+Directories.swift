#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(Darwin)
  private typealias OpenDirectory = UnsafeMutablePointer<DIR>
#else
  private typealias OpenDirectory = OpaquePointer
#endif

extension SystemCalls {
  /// The names in a directory, without `.` and `..`, in byte order.
  package static func list(_ path: String) throws(FormatError) -> [String] {
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
    return try withEntries(descriptor, path: path) { (_, names) in
      names.map { name in
        unsafe name.withUnsafeBytes { bytes in
          unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
      }
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file, or a directory with all that is in it; what is gone already is as good.
  ///
  /// Goes by the bytes of names, which need not be text, and never follows a link.
  package static func removeTree(_ path: String) throws(FormatError) {
    guard let status = try linkStatus(path) else { return }
    try goneIsRemoved { () throws(FormatError) in
      guard status.isDirectory else { return try removeFile(path) }
      try removeEntries(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path: path)
      try removeDirectory(path)
    }
  }

  /// Removes what is in a directory, and closes its descriptor.
  private static func removeEntries(_ descriptor: Int32, path: String) throws(FormatError) {
    try withEntries(descriptor, path: path) { (descriptor, names) throws(FormatError) in
      for name in names {
        try goneIsRemoved { () throws(FormatError) in
          let inner = try openDirectory(name, in: descriptor, path: path)
          if let inner { try removeEntries(inner, path: path) }
          _ = try call(.unlinkat, "remove what is in it", path) {
            unsafe unlinkat(descriptor, name, inner == nil ? 0 : AT_REMOVEDIR)
          }
        }
      }
    }
  }

  /// - Returns: `nil` for what is no directory.
  private static func openDirectory(
    _ name: [CChar], in descriptor: Int32, path: String
  ) throws(FormatError) -> Int32? {
    do {
      return try call(.openat, "open what is in it", path) {
        unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      }
    } catch  where error.errno == ENOTDIR || error.errno == ELOOP {
      return nil
    } catch {
      throw error
    }
  }

  /// Closes the descriptor of a directory after it has lent it, with all names that are in it.
  private static func withEntries<Result>(
    _ descriptor: Int32, path: String,
    _ body: (Int32, [[CChar]]) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    let directory = try unsafe directory(descriptor, path: path)
    // All that was asked of it has been done.
    defer { try? closing(.closedir, path) { unsafe closedir(directory) } }
    return try body(descriptor, try unsafe names(directory, path: path))
  }

  private static func directory(
    _ descriptor: Int32, path: String
  ) throws(FormatError) -> OpenDirectory {
    do throws(FormatError) {
      var directory: OpenDirectory?
      _ = try call(.fdopendir, "list it", path) {
        unsafe directory = unsafe fdopendir(descriptor)
        return unsafe directory == nil ? -1 : 0
      }
      if let directory = unsafe directory { return unsafe directory }
      throw failure("list it", path, EINVAL)
    } catch {
      try? close(descriptor, path: path)
      throw error
    }
  }

  /// All names, before anything happens to what they name.
  private static func names(
    _ directory: OpenDirectory, path: String
  ) throws(FormatError) -> [[CChar]] {
    var names: [[CChar]] = []
    while true {
      var name: [CChar] = []
      _ = try call(.readdir, "list it", path) {
        errno = 0
        guard let entry = unsafe readdir(directory) else { return errno == 0 ? 0 : -1 }
        name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          unsafe bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        }
        return 0
      }
      if name.isEmpty { return names }
      if name != [46, 0] && name != [46, 46, 0] { names.append(name) }
    }
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
