/// How tensors spread over several safetensors files; Specs/safetensors.md §6.
public struct ShardPlan: Sendable {
  /// One file.
  public struct Shard: Sendable, Hashable {
    /// The file's name, without a directory.
    public let fileName: String
    /// What it holds.
    public let tensors: [SafetensorsPlan.Tensor]
    /// The bytes of its data, header not counted.
    public let byteCount: Int
  }

  /// The files, in the order of the tensors given; one at least.
  public let shards: [Shard]
  /// The bytes of all data, headers not counted.
  public let byteCount: Int

  /// Fills shards one after the other.
  ///
  /// - Parameters:
  ///   - units: Tensors that stay together, in the order wanted. A unit above the limit gets a shard
  ///     of its own.
  ///   - limit: The most bytes of data in a shard.
  /// - Throws: ``FormatError`` with code `usage` for bad shapes and sums that overflow.
  public init(
    units: [[SafetensorsPlan.Tensor]], limit: Int
  ) throws(FormatError) {
    var groups: [(tensors: [SafetensorsPlan.Tensor], byteCount: Int)] = [([], 0)]
    var total = 0
    for unit in units {
      var size = 0
      for tensor in unit {
        try locating(tensor: tensor.name) { () throws(FormatError) in
          size = try size.adding(tensor.byteCount(), "the length of all data")
        }
      }
      total = try total.adding(size, "the length of all data")
      let last = groups.count - 1
      // The sum cannot overflow: it is at most the total.
      if groups[last].tensors.isEmpty || groups[last].byteCount + size <= limit {
        groups[last].tensors += unit
        groups[last].byteCount += size
      } else {
        groups.append((unit, size))
      }
    }
    byteCount = total
    shards = groups.enumerated().map { [count = groups.count] index, group in
      Shard(
        fileName: Self.fileName(index, of: count), tensors: group.tensors,
        byteCount: group.byteCount)
    }
  }

  /// The text of the index, which a single shard does not need.
  ///
  /// - Parameter parameterCount: The weights of the model, where the index is to say it.
  public func index(parameterCount: Int? = nil) -> [UInt8] {
    let members = shards.flatMap { shard in
      shard.tensors.map { JSONValue.Member($0.name, .string(shard.fileName)) }
    }
    let document: JSONValue = [
      "metadata": .object(
        [.init("total_size", .integer(byteCount))]
          + (parameterCount.map { [.init("total_parameters", .integer($0))] } ?? [])),
      "weight_map": .object(
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }),
    ]
    return document.serialized(indent: 2) + [UInt8(ascii: "\n")]
  }

  private static func fileName(_ index: Int, of count: Int) -> String {
    guard count > 1 else { return SafetensorsSet.singleFileName }
    func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    }
    return "model-\(padded(index + 1))-of-\(padded(count)).safetensors"
  }
}
