/// Compresses models into zstd files with a seek table, or decompresses any zstd files of models;
/// Specs/zstd.md §5.
///
/// Of a directory the files that hold tensors are changed, the others are copied.
public struct Packing: Sendable {
  /// What is done.
  public enum Direction: Sendable, Hashable {
    /// Compress, at a level from 1 to 22.
    case pack(level: Int)
    /// Decompress.
    case unpack
  }

  /// What is done.
  public let direction: Direction
  /// The file or directory that is read.
  public let path: String
  /// Whether it is a directory.
  public let isDirectory: Bool
  let items: [Item]
  let notes: [String]
  let limits: Limits

  /// One file of the output.
  struct Item: Sendable {
    let source: FileSource
    let outputName: String
    /// Whether it is compressed or decompressed; otherwise it is copied.
    let isChanged: Bool
  }

  /// Looks at what there is.
  ///
  /// - Throws: `notFound`, also for a directory in which nothing is to be done; `usage` for a level that
  ///   there is not; `io`.
  public init(
    _ path: String, _ direction: Direction, limits: Limits = .standard
  ) throws(FormatError) {
    if case .pack(let level) = direction, !Zstd.levels.contains(level) {
      throw FormatError(
        .usage,
        "levels go from \(Zstd.levels.lowerBound) to \(Zstd.levels.upperBound), not to \(level)")
    }
    guard let status = try SystemCalls.status(path) else {
      throw FormatError(.notFound, "there is no such file or directory").located(file: path)
    }
    self.path = path
    self.limits = limits
    self.direction = direction
    isDirectory = status.isDirectory
    if isDirectory {
      (items, notes) = try Self.contents(of: path, direction)
      guard items.contains(where: \.isChanged) else {
        throw FormatError(
          .notFound, "the directory has no \(Self.endings(direction).joined(separator: " or "))"
        ).located(file: path)
      }
    } else {
      items = [Item(source: try FileSource(path: path), outputName: "", isChanged: true)]
      notes = []
    }
  }

  /// Where the output goes when nobody says: `.zst` is added or taken away.
  ///
  /// - Throws: `usage` for something to unpack that has another name.
  public func defaultOutput() throws(FormatError) -> String {
    let path = Paths.trimmingSlashes(path)
    guard direction == .unpack else { return path + Paths.zstdSuffix }
    guard let plain = Paths.withoutZstdSuffix(path) else {
      throw FormatError(.usage, "the name does not end in .zst: say with -o what to make")
        .located(file: path)
    }
    return plain
  }

  /// The files of a directory in byte order; what is hidden, and other directories, stay behind.
  private static func contents(
    of directory: String, _ direction: Direction
  ) throws(FormatError) -> (items: [Item], notes: [String]) {
    var items: [Item] = []
    var notes: [String] = []
    let further = try ChatTemplate.furtherFiles(in: directory)
    let names = try SystemCalls.openableNames(in: directory) {
      $0.utf8.first != UInt8(ascii: ".") && (further.isEmpty || $0 != ChatTemplate.folder)
    }
    for name in (names + further).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let path = Paths.join(directory, name)
      // A document that cannot be read is no less needed than the weights: it is opened, and refused.
      let isPart =
        [".json", ".jinja"].contains(where: name.hasSuffix)
        || endings(direction).contains(where: name.hasSuffix)
      let status = try SystemCalls.status(path)
      guard status?.isRegular == true || isPart && status?.isDirectory != true else {
        notes.append("\(name) is no file and stays behind")
        continue
      }
      let source = try FileSource(seen: name, of: directory)
      var isChanged = endings(direction).contains { name.hasSuffix($0) }
      if !isChanged, direction == .unpack { isChanged = try isPacked(source, name) }
      let changedName =
        direction == .unpack ? Paths.withoutZstdSuffix(name) ?? name : name + Paths.zstdSuffix
      items.append(
        Item(
          source: source,
          outputName: isChanged ? changedName : name,
          isChanged: isChanged))
    }
    try checkNames(items)
    return (items, notes)
  }

  /// Whether weights are compressed under their plain name, as everything that reads them takes them.
  private static func isPacked(_ source: FileSource, _ name: String) throws(FormatError) -> Bool {
    guard endings(.pack(level: 1)).contains(where: name.hasSuffix) else { return false }
    return ZstdFrameHeader.begins(try source.prefix(4))
  }

  private static func checkNames(_ items: [Item]) throws(FormatError) {
    var names = NameSet()
    for item in items where !names.insert(item.outputName) {
      throw FormatError(.usage, "another file of the directory would become \(item.outputName) too")
        .located(file: item.source.name)
    }
  }

  private static func endings(_ direction: Direction) -> [String] {
    [".safetensors", ".gguf"].map { direction == .unpack ? $0 + Paths.zstdSuffix : $0 }
  }
}

/// What a packing did.
public struct PackingReport: Sendable {
  /// A file of the output.
  public struct File: Sendable, Hashable {
    /// Its name in the output directory; of a single file, its own.
    public let name: String
    /// The size of what was read.
    public let sourceByteCount: Int
    /// The size of what was written.
    public let byteCount: Int
    /// Whether it was compressed or decompressed; otherwise it was copied.
    public let isChanged: Bool
  }

  /// The files, in byte order of their names.
  public let files: [File]
  /// What is not as one would expect, one sentence each.
  public let notes: [String]

  /// Bytes read, of all files together.
  public var sourceByteCount: Int { files.reduce(0) { $0 + $1.sourceByteCount } }
  /// Bytes written, of all files together.
  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
}
