/// Paths as text: what little of them is needed.
package enum Paths {
  /// The last component, without slashes at the end; `/` for the root.
  package static func name(of path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? "/"
  }

  /// The directory that holds a path: `.` where the path names none.
  package static func parent(of path: String) -> String {
    let trimmed = trimmingSlashes(path)
    // By bytes: a combining mark after a slash makes one character of both.
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  /// A path within a directory.
  package static func join(_ directory: String, _ name: String) -> String {
    directory.utf8.last == UInt8(ascii: "/") ? directory + name : directory + "/" + name
  }

  /// The path without slashes at its end, unless it is nothing else.
  package static func trimmingSlashes(_ path: String) -> String {
    var path = Substring(path).utf8
    while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
    return String(Substring(path))
  }

  /// What the names of zstd files end in.
  package static let zstdSuffix = ".zst"

  /// The path without that ending, or `nil` where it has another one.
  package static func withoutZstdSuffix(_ path: String) -> String? {
    guard path.utf8.count > zstdSuffix.utf8.count,
      path.utf8.suffix(zstdSuffix.utf8.count).elementsEqual(zstdSuffix.utf8)
    else { return nil }
    return String(Substring(path.utf8.dropLast(zstdSuffix.utf8.count)))
  }
}
