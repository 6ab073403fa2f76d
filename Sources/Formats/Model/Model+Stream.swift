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

  /// All headers have been read: what follows in streams goes by once. Of several the windows would
  /// add up, and they are read one after the other.
  func keepNoMore() {
    for file in files {
      (file.source as? StreamSource)?.keepNoMore()
      if files.count > 1 { file.source.rest() }
    }
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

  /// Throws when a file, or a document that was read for it, is no longer what it was when it was
  /// opened: other size, time or inode.
  public func checkUnchanged() throws(FormatError) {
    for file in files { try file.source.checkUnchanged() }
    try documents.checkUnchanged()
  }

  /// For when all of the model has been read: throws what ``checkUnchanged()`` throws, and where a seek
  /// table tells of other content than a reader from front to back would find.
  func checkRead() throws(FormatError) {
    try checkFrames()
    try checkUnchanged()
  }

  /// Holds frames that nobody has asked for against the seek tables.
  func checkFrames() throws(FormatError) {
    for file in files { try (file.source as? SeekableSource)?.placeAll() }
  }

  /// Whether its tensors are read in the order of its files, because some of these can be read only
  /// once, from front to back.
  var isPassing: Bool { files.contains { $0.source is StreamSource } }

  /// The files that can be read only once, by their numbers.
  func passingFiles() throws(FormatError) -> [Int: PassingFile] {
    var passing: [Int: PassingFile] = [:]
    let ends = dataEnds
    for (number, file) in files.enumerated() {
      guard let source = file.source as? StreamSource else { continue }
      passing[number] = PassingFile(
        source: source, byteCounts: try byteCounts(ofFile: number, dataEnd: ends[number]),
        windowByteCount: source.windowByteCount)
    }
    return passing
  }

  /// Where the last tensor of each file ends that has any bytes; 0 where there is none. Empty ones
  /// may stand where data would begin, if there were any.
  private var dataEnds: [Int] {
    var ends = [Int](repeating: 0, count: files.count)
    for part in tensors.lazy.flatMap(\.parts) where !part.info.range.isEmpty {
      ends[part.file] = max(ends[part.file], part.info.range.upperBound)
    }
    return ends
  }

  /// How many bytes a file with this header can have: a GGUF may end with padding or without.
  private func byteCounts(
    ofFile number: Int, dataEnd end: Int
  ) throws(FormatError) -> ClosedRange<Int> {
    guard let file = gguf?.shards[number] else {
      let end = max(end, files[number].dataOffset)
      return end...end
    }
    let endOfAll = max(end, file.headerByteCount)
    return endOfAll...(try endOfAll.aligned(to: file.alignment, "the end of the file"))
  }
}

/// A file of a model that is read once, from front to back.
struct PassingFile: Sendable {
  let source: StreamSource
  /// How long it can be.
  let byteCounts: ClosedRange<Int>
  /// The window of the zstd frames that it is read from, as far as that is known.
  let windowByteCount: Int

  /// Reads what is left, and gives back what reading took.
  ///
  /// - Throws: `truncated` and `malformed` where it does not end where it should.
  func finish() throws(FormatError) {
    try source.checkEnd(byteCounts)
    source.rest()
  }
}
