extension Model {
  /// Opens a model that comes as a stream, or as a file that is open already.
  ///
  /// - Parameters:
  ///   - source: A GGUF, or a safetensors file; its header is read.
  ///   - configDirectory: Whose configuration, tokenizer and other documents describe a safetensors
  ///     file.
  ///   - limits: What is believed.
  /// - Throws: as ``init(opening:configDirectory:)``; `unsupported` for one of several files.
  public init(
    reading source: any ByteSource, configDirectory: String? = nil,
    limits: Limits = .standard
  ) throws(FormatError) {
    if try ModelFile.isGGUF(source) {
      try Self.checkNeedsNoConfiguration(configDirectory, source.name)
      try self.init(gguf: source, limits)
    } else {
      var findings = Findings.strict
      try self.init(
        safetensors: source, configDirectory: configDirectory, limits, &findings)
    }
    keepNoMore()
  }

  /// All headers have been read: what follows in streams goes by once.
  func keepNoMore() {
    for file in files { (file.source as? StreamSource)?.keepNoMore() }
  }

  private init(gguf source: any ByteSource, _ limits: Limits) throws(FormatError) {
    let file = try GGUFFile(source, limits: limits)
    let count = try locating(file: source.name) { () throws(FormatError) in
      try file.metadata.integer(GGUFMetadata.SplitKey.count) ?? 1
    }
    guard count <= 1 else {
      throw FormatError(
        .unsupported,
        "this is one of \(count) files of a model, and the others do not come this way: give the "
          + "path of one of them"
      ).located(file: source.name)
    }
    self.init(try GGUFSplit([file]), path: source.name, limits)
  }

  /// Throws when a file is no longer what it was when it was opened: other size, time or inode.
  public func checkUnchanged() throws(FormatError) {
    for file in files { try file.source.checkUnchanged() }
  }

  /// What can be read only once, from front to back, where the model comes that way.
  var stream: StreamSource? {
    files.lazy.compactMap { $0.source as? StreamSource }.first
  }

  /// How many bytes a stream with this header can have: a GGUF may end with padding or without.
  func streamByteCounts() throws(FormatError) -> ClosedRange<Int> {
    // Empty tensors may stand where data would begin, if there were any.
    let ends = tensors.flatMap(\.parts).map(\.info.range).filter { !$0.isEmpty }.map(\.upperBound)
    guard let file = gguf?.shards.first else {
      let end = max(ends.max() ?? 0, files.first?.dataOffset ?? 0)
      return end...end
    }
    let end = max(ends.max() ?? 0, file.headerByteCount)
    return end...(try end.aligned(to: file.alignment, "the end of the file"))
  }
}
