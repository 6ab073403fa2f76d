/// An index of shards, `model.safetensors.index.json`: which file holds which tensor;
/// Specs/safetensors.md §6.
public struct SafetensorsIndex: Sendable {
  /// The name that an index has in a directory.
  public static let fileName = "model.safetensors.index.json"

  /// A tensor's name with the name of its file.
  public struct Entry: Sendable, Hashable {
    /// The tensor.
    public let tensor: String
    /// The file, in the index's directory.
    public let shard: String
  }

  /// What errors call the index.
  public let name: String
  /// The `weight_map`, in the order of the file; no tensor appears twice.
  public private(set) var weightMap: [Entry]
  /// The names of the files, in byte order.
  public private(set) var shardNames: [String]
  /// The `total_size` in the `metadata`, where there is such an integer. Writers do not agree on
  /// what it counts.
  public private(set) var totalByteCount: Int?

  /// Reads an index.
  ///
  /// - Parameters:
  ///   - source: What is read.
  ///   - limits: What is believed.
  /// - Throws: ``FormatError``, also for shard names that are not plain: they come from a file, and
  ///   must not lead out of its directory.
  public init(_ source: any ByteSource, limits: Limits = .standard) throws(FormatError) {
    var findings = Findings.strict
    try self.init(source, limits: limits, &findings)
  }

  /// The same with findings that may collect: then the index is what could be read of it.
  init(
    _ source: any ByteSource, limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    guard let count = source.byteCount, count <= limits[.index] else {
      throw limits.exceeded(
        "the index has \(source.byteCount.map(String.init) ?? "an unknown number of") bytes", .index
      ).located(file: source.name)
    }
    try self.init(
      parsing: try source.bytes(0..<count), name: source.name, limits: limits, &findings)
  }

  /// Parses an index.
  public init(
    parsing bytes: [UInt8], name: String, limits: Limits = .standard
  ) throws(FormatError) {
    var findings = Findings.strict
    try self.init(parsing: bytes, name: name, limits: limits, &findings)
  }

  private init(
    parsing bytes: [UInt8], name: String, limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    var reader = JSONReader(bytes, name: name, limits: limits)
    var weightMap: [Entry]?
    var total: Int?
    var seen = NameSet()
    try reader.beginObject("an object as the index")
    while let member = try reader.nextName() {
      if !seen.insert(member) {
        try findings.report(
          .indexRepeatsName,
          reader.error("the index names '\(member.quoted())' twice", at: reader.tokenStart))
      }
      switch member {
      case "weight_map": weightMap = try Self.weightMap(&reader, &findings)
      case "metadata": total = try Self.totalSize(&reader)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    guard let weightMap else {
      throw FormatError(.malformed, "the index has no weight_map").located(file: name)
    }
    self.name = name
    self.weightMap = weightMap
    let names = Set(weightMap.map(\.shard))  // Plain names are ASCII: equal means equal bytes.
    guard names.count <= limits[.files] else {
      throw limits.exceeded("the index names \(names.count) files", .files).located(file: name)
    }
    shardNames = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    totalByteCount = total
  }

  /// The same without some files and their tensors, whose size is then not known.
  func without(shards: Set<String>) -> SafetensorsIndex {
    guard !shards.isEmpty else { return self }
    var copy = self
    copy.weightMap.removeAll { shards.contains($0.shard) }
    copy.shardNames.removeAll { shards.contains($0) }
    copy.totalByteCount = nil
    return copy
  }

  /// The `total_size` of `metadata`; nothing else of it is kept.
  private static func totalSize(_ reader: inout JSONReader) throws(FormatError) -> Int? {
    guard try reader.kind() == .object else {
      try reader.skipValue()
      return nil
    }
    var total: Int?
    var seen = NameSet()
    try reader.beginObject()
    while let name = try reader.nextName() {
      guard seen.insert(name) else {
        throw reader.error("the name '\(name.quoted())' appears twice", at: reader.tokenStart)
      }
      let kind = try reader.kind()
      if name == "total_size", kind == .number {
        if case .integer(let size) = try reader.value() { total = size }
      } else {
        try reader.skipValue()
      }
    }
    return total
  }

  private static func weightMap(
    _ reader: inout JSONReader, _ findings: inout Findings
  ) throws(FormatError) -> [Entry] {
    var entries: [Entry] = []
    var seen = NameSet()
    try reader.beginObject("an object as weight_map")
    while let name = try reader.nextName() {
      if !seen.insert(name) {
        try findings.report(
          .indexRepeatsName,
          reader.error("weight_map names '\(name.quoted())' twice", at: reader.tokenStart))
      }
      let shard = try reader.string("a file name as a value of weight_map")
      guard isPlain(shard) else {
        let error = reader.error(
          "needed a plain file name that ends in .safetensors, found '\(shard.quoted())'",
          at: reader.tokenStart
        ).located(tensor: name)
        try findings.report(.indexShardName, error)
        continue
      }
      entries.append(Entry(tensor: name, shard: shard))
    }
    return entries
  }

  /// Whether a name is `[A-Za-z0-9._-]{1,255}`, is not hidden, and ends in `.safetensors`.
  private static func isPlain(_ name: String) -> Bool {
    let isAllowed = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isAllowed && name.utf8.count <= 255 && name.utf8.first != UInt8(ascii: ".")
      && name.hasSuffix(".safetensors")
  }
}
