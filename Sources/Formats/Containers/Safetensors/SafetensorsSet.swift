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
    shards = [shard]
    (places, names) = try Self.places([shard])
  }

  /// The set of an index.
  ///
  /// - Parameters:
  ///   - index: The index.
  ///   - shards: A file for each of its ``SafetensorsIndex/shardNames``.
  /// - Throws: ``FormatError`` when the index and the files do not say the same.
  public init(index: SafetensorsIndex, shards: [Shard]) throws(FormatError) {
    let numbers = try Self.numbers(index, shards)
    (places, names) = try Self.places(shards)
    self.shards = shards
    for entry in index.weightMap {
      let place = names.number(of: entry.tensor).map { places[$0] }
      guard let place, place.shard == numbers[ByteString(entry.shard)] else {
        let found = place.map { "it is in \(shards[$0.shard].name.quoted())" } ?? "no shard has it"
        throw FormatError(
          .malformed, "the index says that the tensor is in \(entry.shard), \(found)"
        ).located(file: index.name, tensor: entry.tensor)
      }
    }
    guard places.count > index.weightMap.count else { return }
    let mapped = NameSet(index.weightMap.map(\.tensor))
    for shard in shards {
      for tensor in shard.file.tensors where mapped.number(of: tensor.name) == nil {
        throw FormatError(.malformed, "the tensor is in \(shard.name), the index does not name it")
          .located(file: index.name, tensor: tensor.name)
      }
    }
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
    _ index: SafetensorsIndex, _ shards: [Shard]
  ) throws(FormatError) -> [ByteString: Int] {
    var numbers: [ByteString: Int] = [:]
    for (number, shard) in shards.enumerated() {
      guard numbers.updateValue(number, forKey: ByteString(shard.name)) == nil else {
        throw FormatError(.usage, "the shard \(shard.name.quoted()) was given twice")
          .located(file: index.name)
      }
    }
    for name in index.shardNames where numbers[ByteString(name)] == nil {
      throw FormatError(.notFound, "the index names the shard \(name), which is missing")
        .located(file: index.name)
    }
    let named = Set(index.shardNames.map { ByteString($0) })
    for shard in shards where !named.contains(ByteString(shard.name)) {
      throw FormatError(.usage, "the index does not name the shard \(shard.name.quoted())")
        .located(file: index.name)
    }
    return numbers
  }

  private static func places(
    _ shards: [Shard]
  ) throws(FormatError) -> ([Place], NameSet) {
    var places: [Place] = []
    var names = NameSet()
    for (number, shard) in shards.enumerated() {
      for (index, tensor) in shard.file.tensors.enumerated() {
        guard names.insert(tensor.name) else {
          let other = names.number(of: tensor.name).map { places[$0].shard } ?? number
          throw FormatError(
            .malformed, "the tensor is in \(shards[other].name) and again in \(shard.name)"
          ).located(file: shard.file.source.name, tensor: tensor.name)
        }
        places.append(Place(shard: number, tensor: index))
      }
    }
    return (places, names)
  }
}
