/// A model in one GGUF file or in several; Specs/gguf.md §9.
public struct GGUFSplit: Sendable {
  /// The files, in order; one where the model is not split.
  public let shards: [GGUFFile]

  /// The model's metadata: that of the first file, without what describes only the file. The others
  /// hold none of their own.
  public var metadata: GGUFMetadata { shards.first?.metadata.withoutSplit ?? GGUFMetadata() }

  /// Opens the file at a path, and the others of its model where there are any.
  ///
  /// - Parameters:
  ///   - path: Any file of the model.
  ///   - limits: What is believed.
  ///   - open: Opens the file at a path. The paths are made from `path` and a count, never read
  ///     from a file.
  /// - Throws: what `open` and ``GGUFFile/init(_:)`` throw; `malformed` when the files do not
  ///   belong together; `limit` for more than ``Limit/files`` of them.
  public init(
    opening path: String, limits: Limits = .standard,
    open: (String) throws(FormatError) -> any ByteSource
  ) throws(FormatError) {
    let first = try GGUFFile(open(path), limits: limits)
    let count = try locating(file: path) { () throws(FormatError) in
      try first.metadata.integer(GGUFMetadata.SplitKey.count) ?? 1
    }
    // Writers of unsplit files leave the keys out, or write a count of 0 or 1.
    guard count > 1 else {
      try self.init([first])
      return
    }
    let name = try Self.name(path, count: count, limits)
    var shards: [GGUFFile] = []
    for (index, sibling) in name.siblings.enumerated() {
      shards.append(index == name.index ? first : try GGUFFile(open(sibling), limits: limits))
    }
    try self.init(shards)
  }

  /// Puts files together that were opened in their order.
  ///
  /// - Throws: `malformed` when their numbers, their number of tensors or the names of their tensors
  ///   say that they do not belong together.
  public init(_ shards: [GGUFFile]) throws(FormatError) {
    self.shards = shards
    guard shards.count > 1 else { return }
    var names: Set<ByteString> = []
    for (index, shard) in shards.enumerated() {
      try locating(file: shard.source.name) { () throws(FormatError) in
        try Self.check(shard, GGUFMetadata.SplitKey.index, index)
        try Self.check(shard, GGUFMetadata.SplitKey.count, shards.count)
      }
    }
    // Only now: a wrong file among them makes the sum wrong too.
    let total = shards.reduce(0) { $0 + $1.tensors.count }
    for shard in shards {
      try locating(file: shard.source.name) { () throws(FormatError) in
        try Self.check(shard, GGUFMetadata.SplitKey.tensorCount, total)
        for tensor in shard.tensors
        where !names.insert(ByteString(tensor.info.name)).inserted {
          throw FormatError(.malformed, "an earlier file of the model has a tensor of this name")
            .located(tensor: tensor.info.name)
        }
      }
    }
  }

  private static func name(
    _ path: String, count: Int, _ limits: Limits
  ) throws(FormatError) -> GGUFSplitName {
    guard count <= limits[.files] else {
      throw limits.exceeded("the model is split into \(count) files", .files).located(file: path)
    }
    let plain = Paths.withoutZstdSuffix(path) ?? path
    guard let name = GGUFSplitName(plain), name.count == count else {
      throw FormatError(
        .malformed,
        "one of \(count) files must be named 'prefix-00001-of-"
          + "\(GGUFSplitName(prefix: "", index: 0, count: count).path.suffix(10))'"
      ).located(file: path)
    }
    return name
  }

  private static func check(
    _ shard: GGUFFile, _ key: String, _ needed: Int
  ) throws(FormatError) {
    guard let found = try shard.metadata.integer(key) else {
      throw FormatError(.malformed, "the key '\(key)' is missing in one of several files")
    }
    guard found == needed else {
      throw FormatError(.malformed, "'\(key)' is \(found), needed \(needed)")
    }
  }
}
