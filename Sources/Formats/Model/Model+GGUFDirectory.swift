/// GGUF files in a directory that was named in place of them.
extension Model {
  /// A file of the split GGUF in a directory, or `nil` where there is none, or safetensors files
  /// make the directory another model.
  ///
  /// - Throws: `unsupported` where there are several.
  static func splitGGUF(in directory: String) throws(FormatError) -> String? {
    for name in [SafetensorsIndex.fileName, SafetensorsSet.singleFileName]
    where try SystemCalls.status(present(Paths.join(directory, name))) != nil { return nil }
    let names = try ggufNames(in: directory)
    guard let file = names.lazy.compactMap({ GGUFSplitName($0) }).first else { return nil }
    let other = names.first {
      GGUFSplitName($0).map { ByteString($0.first.path) } != ByteString(file.first.path)
    }
    if let other {
      throw FormatError(
        .unsupported,
        "the directory holds more than one GGUF model: give the path of a file, such as "
          + "'\(file.path.quoted())' or '\(other.quoted())'"
      ).located(file: directory)
    }
    return Paths.join(directory, file.path)
  }

  private static func ggufNames(in directory: String) throws(FormatError) -> [String] {
    try unpackedNames(in: directory).filter { $0.hasSuffix(".gguf") }
  }

  /// The names in a directory in byte order, packed files by the names that they have unpacked: once,
  /// also where a file is there in both forms.
  static func unpackedNames(in directory: String) throws(FormatError) -> [String] {
    var seen = NameSet()
    return try SystemCalls.list(directory).map { Paths.withoutZstdSuffix($0) ?? $0 }.filter {
      seen.insert($0)
    }
  }

  /// What to add about a directory in which nothing was found that could be opened.
  static func ggufHint(_ directory: String) throws(FormatError) -> String {
    guard let name = try ggufNames(in: directory).first else { return "" }
    return "; for the GGUF in it, give the path of the file: \(Paths.join(directory, name))"
  }
}
