/// Whether two models have the same weights, whatever layouts and containers hold them, and where
/// not.
public struct WeightComparison: Sendable {
  /// One tensor that is not the same in both.
  public struct Difference: Sendable, Hashable {
    /// Its Hugging Face name.
    public let name: String
    /// What differs.
    public let kind: Kind
  }

  /// What differs.
  public enum Kind: Sendable, Hashable {
    /// Only the first model has the tensor.
    case onlyInFirst
    /// Only the second model has the tensor.
    case onlyInSecond
    /// The shapes are not the same.
    case shapes([Int], [Int])
    /// The values are not the same.
    case values(ValueDifferences)
  }

  /// The weights of the first model.
  public let first: Fingerprint
  /// The weights of the second model.
  public let second: Fingerprint
  /// The tensors that differ, in byte order of their names.
  public let differences: [Difference]

  /// Whether the weights are the same.
  public var isSame: Bool { first.digest == second.digest }

  /// Compares two models; every weight of both is read.
  ///
  /// - Parameters:
  ///   - first: A model.
  ///   - second: Another one.
  ///   - budget: What it may take.
  ///   - toleratingSubnormals: Whether MLX scales are taken that miss −2 × bias by the last bit of a
  ///     subnormal.
  /// - Throws: `unsupported` and `notExact` for what has no fingerprint.
  public init(
    _ first: Model, _ second: Model, budget: RunBudget = RunBudget(),
    toleratingSubnormals tolerates: Bool = false
  ) async throws(FormatError) {
    let size = try Self.size(first, second, budget)
    self.first = try await first.fingerprint(size, toleratingSubnormals: tolerates)
    self.second = try await second.fingerprint(size, toleratingSubnormals: tolerates)
    var differences: [Difference] = []
    var pairs: [(Fingerprint.Tensor, Fingerprint.Tensor)] = []
    var others = Dictionary(
      self.second.tensors.map { (ByteString($0.name), $0) }, uniquingKeysWith: { first, _ in first }
    )
    for tensor in self.first.tensors {
      guard let other = others.removeValue(forKey: ByteString(tensor.name)) else {
        differences.append(Difference(name: tensor.name, kind: .onlyInFirst))
        continue
      }
      if tensor.shape != other.shape {
        let kind = Kind.shapes(tensor.shape, other.shape)
        differences.append(Difference(name: tensor.name, kind: kind))
      } else if tensor.digest != other.digest {
        pairs.append((tensor, other))
      }
    }
    differences += others.values.map { Difference(name: $0.name, kind: .onlyInSecond) }
    do throws(FormatError) {
      differences += try await Comparing(
        first, second, size: size, tolerance: tolerates ? SubnormalTolerance() : nil)(pairs)
    } catch {
      throw error.unlessChanged(first.checkUnchanged).unlessChanged(second.checkUnchanged)
    }
    try first.checkRead()
    try second.checkRead()
    self.differences = differences.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }

  /// What both can be read with, one after the other and side by side.
  private static func size(
    _ first: Model, _ second: Model, _ budget: RunBudget
  ) throws(FormatError) -> RunSize {
    for model in [first, second] {
      // Says better what is wrong with a model that has no fingerprint.
      try locating(file: model.path) { () throws(FormatError) in _ = try Fingerprinting(model) }
    }
    return try budget.size { (size) throws(FormatError) in
      try MemoryBound(comparing: first, second, size)
    }
  }
}
