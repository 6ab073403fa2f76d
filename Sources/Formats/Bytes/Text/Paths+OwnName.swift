extension Paths {
  /// The last component of a path; of one that ends in dots, the name of the directory that it means.
  package static func ownName(of path: String) throws(FormatError) -> String {
    let name = name(of: path)
    guard name == "." || name == ".." else { return name }
    return Paths.name(of: try SystemCalls.resolve(path) ?? path)
  }
}
