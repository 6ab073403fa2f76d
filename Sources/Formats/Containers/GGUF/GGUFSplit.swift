/// A model in one GGUF file or in several; Specs/gguf.md §9.
public struct GGUFSplit: Sendable {
  /// The files, in order; one where the model is not split.
  public let shards: [GGUFFile]

  /// The model's metadata: that of the first file, without what describes only the file. What only
  /// others hold is refused.
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
    var findings = Findings.strict
    try self.init(opening: path, limits: limits, &findings, open: open)
  }

  /// The same with findings that may collect: then the model is what could be read of it.
  init(
    opening path: String, limits: Limits, _ findings: inout Findings,
    open: (String) throws(FormatError) -> any ByteSource
  ) throws(FormatError) {
    let first = try GGUFFile(open(path), limits: limits, &findings)
    let parts = { (_: FormatError) in Rule.ggufParts }
    let count = try findings.surviving(file: path, rule: parts) { (_) throws(FormatError) in
      try locating(file: path) { () throws(FormatError) in
        try first.metadata.integer(GGUFMetadata.SplitKey.count) ?? 1
      }
    }
    // Writers of unsplit files leave the keys out, or write a count of 0 or 1.
    guard let count, count > 1,
      let name = try findings.surviving(
        rule: parts, { (_) throws(FormatError) in try Self.name(path, count: count, limits) })
    else {
      try self.init([first])
      return
    }
    var shards: [(index: Int, file: GGUFFile)] = []
    for (index, sibling) in name.siblings.enumerated() {
      guard index != name.index else {
        shards.append((index, first))
        continue
      }
      let file = try findings.surviving(file: sibling, rule: Self.rule) {
        (findings) throws(FormatError) in
        try GGUFFile(open(sibling), limits: limits, &findings)
      }
      if let file { shards.append((index, file)) }
    }
    try self.init(shards, of: count, &findings)
  }

  /// Puts files together that were opened in their order.
  ///
  /// - Throws: `malformed` when their numbers, their number of tensors or the names of their tensors
  ///   say that they do not belong together.
  public init(_ shards: [GGUFFile]) throws(FormatError) {
    var findings = Findings.strict
    let numbered = shards.enumerated().map { (index: $0.offset, file: $0.element) }
    try self.init(numbered, of: shards.count, &findings)
  }

  private init(
    _ shards: [(index: Int, file: GGUFFile)], of count: Int, _ findings: inout Findings
  ) throws(FormatError) {
    self.shards = shards.map(\.file)
    guard count > 1 else { return }
    var owners: [ByteString: Int] = [:]
    let model = shards.first { $0.index == 0 }?.file.metadata
    for (index, shard) in shards {
      try Self.check(shard, GGUFMetadata.SplitKey.index, index, &findings)
      try Self.check(shard, GGUFMetadata.SplitKey.count, count, &findings)
      if let model { try Self.checkMetadata(of: shard, beside: model, &findings) }
    }
    // Only now: a wrong file among them makes the sum wrong too.
    let total = shards.reduce(0) { $0 + $1.file.tensors.count }
    for (index, shard) in shards {
      if shards.count == count {
        try Self.check(shard, GGUFMetadata.SplitKey.tensorCount, total, &findings)
      }
      for tensor in shard.tensors {
        let owner = owners.updateValue(index, forKey: ByteString(tensor.info.name))
        // Within one file it has been found already.
        guard let owner, owner != index else { continue }
        try findings.report(
          .ggufParts,
          FormatError(.malformed, "an earlier file of the model has a tensor of this name")
            .located(file: shard.source.name, tensor: tensor.info.name))
      }
    }
  }

  private static func rule(_ error: FormatError) -> Rule {
    error.code == .notFound ? .ggufPartMissing : .ofHeader(error)
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

  /// Nobody reads what the model is from any but its first file, so what only another one says is lost.
  private static func checkMetadata(
    of shard: GGUFFile, beside model: GGUFMetadata, _ findings: inout Findings
  ) throws(FormatError) {
    let stranger = shard.metadata.withoutSplit.entries.first {
      model[$0.key] == nil && $0.key != GGUFMetadata.alignmentKey
    }
    if case .string(let own)? = shard.metadata["general.architecture"],
      case .string(let needed)? = model["general.architecture"], own != needed
    {
      try findings.report(
        .ggufParts,
        FormatError(
          .malformed,
          "the file is of architecture '\(own.repairedText.quoted())', the first of several of "
            + "'\(needed.repairedText.quoted())'"
        ).located(file: shard.source.name))
    }
    guard let stranger else { return }
    try findings.report(
      .ggufParts,
      FormatError(
        .malformed,
        "the key '\(stranger.key.quoted())' is missing in the first of several files, where metadata is "
          + "read"
      ).located(file: shard.source.name))
  }

  private static func check(
    _ shard: GGUFFile, _ key: String, _ needed: Int, _ findings: inout Findings
  ) throws(FormatError) {
    do throws(FormatError) {
      try check(shard, key, needed)
    } catch {
      try findings.report(.ggufParts, error.located(file: shard.source.name))
    }
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
