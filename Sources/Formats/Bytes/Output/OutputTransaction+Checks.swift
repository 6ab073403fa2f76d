extension OutputTransaction {
  static func exists(_ path: String) -> FormatError {
    FormatError(.exists, "exists already; --force replaces it").located(file: path)
  }

  static func checkFree(
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
    guard kind == .directory, try !isModelDirectory(path) else { return }
    throw FormatError(
      .exists, "is a directory without a model in it; --force replaces models, nothing else"
    ).located(file: path)
  }

  /// Whether a directory looks like one that a conversion or packing made, or is empty. Many things have
  /// a `config.json`, and people keep files of weights by themselves in a folder.
  private static func isModelDirectory(_ path: String) throws(FormatError) -> Bool {
    let names = try SystemCalls.list(path).map { Paths.withoutZstdSuffix($0) ?? $0 }
    let hasWeights = names.contains { name in
      [".safetensors", ".safetensors.index.json"].contains(where: name.hasSuffix)
    }
    let documents: Set = ["config.json", "adapter_config.json", "tokenizer.json"]
    return names.isEmpty || hasWeights && names.contains(where: documents.contains)
      || isSplitFile(names)
  }

  /// Whether there is nothing but files of one split GGUF, `prefix-00001-of-00002.gguf`: what else
  /// people keep in a folder with GGUFs is theirs.
  private static func isSplitFile(_ names: [String]) -> Bool {
    let ending = "-00001-of-00002.gguf"
    return Set(names.map { $0.dropLast(ending.count) }).count == 1
      && names.allSatisfy { $0.hasSuffix(".gguf") && $0.dropLast(10).hasSuffix("-of-") }
  }

  /// Compares by device and inode: the same place has many spellings.
  static func checkApart(_ places: OutputPlaces, from inputs: [String]) throws(FormatError) {
    let path = places.path
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
      for leftover in [places.hidden, places.aside] {
        guard let found = try SystemCalls.status(leftover), try lies(input, within: found)
        else { continue }
        throw FormatError(
          .usage,
          "the input '\(input)' is what an interrupted run has left of this output, which "
            + "would be removed: rename it first"
        ).located(file: path)
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
