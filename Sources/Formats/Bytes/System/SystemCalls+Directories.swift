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
  /// The names in a directory, without `.` and `..`, in byte order. One that is not UTF-8 comes repaired,
  /// as the name of nothing.
  package static func list(_ path: String) throws(FormatError) -> [String] {
    try byteNames(in: path).map(\.repairedText)
  }

  /// Those of the names in a directory that are chosen, to be opened.
  ///
  /// - Throws: `unsupported` for one of them that is not UTF-8.
  static func openableNames(
    in path: String, where isChosen: (String) -> Bool
  ) throws(FormatError) -> [String] {
    let names = try byteNames(in: path).filter { isChosen($0.repairedText) }
    return try names.map { (name) throws(FormatError) in
      guard let text = name.text else {
        throw FormatError(
          .unsupported, "the name of a file is not UTF-8: '\(name.repairedText.quoted())'"
        ).located(file: path)
      }
      return text
    }
  }

  private static func byteNames(in path: String) throws(FormatError) -> [ByteString] {
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
    return try withEntries(descriptor, path: path) { (_, names) in
      names.map { name in ByteString(name.dropLast().map { UInt8(bitPattern: $0) }) }
    }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// - Returns: `nil` for what is no directory.
  static func openDirectory(
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
  static func withEntries<Result>(
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
}
