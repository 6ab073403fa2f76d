/// The tensors of one safetensors file, or of the shards of an index; Specs/safetensors.md §6.
public struct SafetensorsSet: Sendable {
  /// A file of the set.
  public struct Shard: Sendable {
    /// The file's name, without its directory.
    public let name: String
    /// The file.
    public let file: SafetensorsFile

    /// Makes a shard.
    public init(name: String, file: SafetensorsFile) {
      self.name = name
      self.file = file
    }
  }

  /// What the only file of a directory is called.
  static let singleFileName = "model.safetensors"

  /// The files.
  public let shards: [Shard]
  private let places: [Place]
  /// The tensors' names, in the order of ``places``.
  private let names: NameSet

  private struct Place {
    let shard: Int
    let tensor: Int
  }

  /// The set of a single file, which needs no index.
  public init(_ shard: Shard) throws(FormatError) {
    var findings = Findings.strict
    try self.init([shard], &findings)
  }

  /// The set of files whose index cannot be read, or that need none.
  init(_ shards: [Shard], _ findings: inout Findings) throws(FormatError) {
    self.shards = shards
    (places, names) = try Self.places(shards, &findings)
  }

  /// The set of an index.
  ///
  /// - Parameters:
  ///   - index: The index.
  ///   - shards: A file for each of its ``SafetensorsIndex/shardNames``.
  /// - Throws: ``FormatError`` when the index and the files do not say the same.
  public init(index: SafetensorsIndex, shards: [Shard]) throws(FormatError) {
    var findings = Findings.strict
    try self.init(index: index, shards: shards, &findings)
  }

  /// The same with findings that may collect: then shards may be missing, and say other things.
  init(
    index: SafetensorsIndex, shards: [Shard], _ findings: inout Findings
  ) throws(FormatError) {
    let numbers = try Self.numbers(index, shards, &findings)
    (places, names) = try Self.places(shards, &findings)
    self.shards = shards
    for entry in index.weightMap {
      let place = names.number(of: entry.tensor).map { places[$0] }
      let number = numbers[ByteString(entry.shard)]
      // Of a shard that is missing, all tensors are.
      guard number != nil, place?.shard != number else { continue }
      let found = place.map { "it is in \(shards[$0.shard].name.quoted())" } ?? "no shard has it"
      try findings.report(
        .shardLacksTensor,
        FormatError(
          .malformed, "the index says that the tensor is in \(entry.shard), \(found)"
        ).located(file: index.name, tensor: entry.tensor))
    }
    if !findings.isStrict, numbers.count == index.shardNames.count {
      checkTotal(of: index, &findings)
    }
    guard places.count > index.weightMap.count || !findings.isStrict else { return }
    let mapped = NameSet(index.weightMap.map(\.tensor))
    for shard in shards {
      for tensor in shard.file.tensors where mapped.number(of: tensor.name) == nil {
        try findings.report(
          .indexLacksTensor,
          FormatError(.malformed, "the tensor is in \(shard.name), the index does not name it")
            .located(file: index.name, tensor: tensor.name))
      }
    }
  }

  /// Whether the index knows how much there is: loaders go by it, readers do not.
  private func checkTotal(of index: SafetensorsIndex, _ findings: inout Findings) {
    let total = shards.reduce(0) { sum, shard in
      shard.file.tensors.reduce(sum) { $0.saturatingSum($1.range.count) }
    }
    guard let stated = index.totalByteCount, stated != total else { return }
    findings.add(
      .indexTotal,
      FormatError(.malformed, "total_size is \(stated), the tensors have \(total) bytes")
        .located(file: index.name))
  }

  /// A tensor and the file that holds it, or `nil`.
  public func tensor(named name: String) -> (info: TensorInfo, file: SafetensorsFile)? {
    names.number(of: name).map { number in
      let place = places[number]
      let file = shards[place.shard].file
      return (file.tensors[place.tensor], file)
    }
  }

  /// The shards' numbers by name, when the index and the files agree on the names.
  private static func numbers(
    _ index: SafetensorsIndex, _ shards: [Shard], _ findings: inout Findings
  ) throws(FormatError) -> [ByteString: Int] {
    var numbers: [ByteString: Int] = [:]
    for (number, shard) in shards.enumerated() {
      guard numbers.updateValue(number, forKey: ByteString(shard.name)) == nil else {
        throw FormatError(.usage, "the shard \(shard.name.quoted()) was given twice")
          .located(file: index.name)
      }
    }
    for name in index.shardNames where numbers[ByteString(name)] == nil {
      try findings.report(
        .shardMissing,
        FormatError(.notFound, "the index names the shard \(name), which is missing")
          .located(file: index.name))
    }
    let named = Set(index.shardNames.map { ByteString($0) })
    for shard in shards where !named.contains(ByteString(shard.name)) {
      throw FormatError(.usage, "the index does not name the shard \(shard.name.quoted())")
        .located(file: index.name)
    }
    return numbers
  }

  private static func places(
    _ shards: [Shard], _ findings: inout Findings
  ) throws(FormatError) -> ([Place], NameSet) {
    var places: [Place] = []
    var names = NameSet()
    for (number, shard) in shards.enumerated() {
      for (index, tensor) in shard.file.tensors.enumerated() {
        guard names.insert(tensor.name) else {
          let other = names.number(of: tensor.name).map { places[$0].shard } ?? number
          // Within one file it has been found already.
          guard other != number || findings.isStrict else { continue }
          try findings.report(
            .tensorInTwoShards,
            FormatError(
              .malformed, "the tensor is in \(shards[other].name) and again in \(shard.name)"
            ).located(file: shard.file.source.name, tensor: tensor.name))
          continue
        }
        places.append(Place(shard: number, tensor: index))
      }
    }
    return (places, names)
  }
}
