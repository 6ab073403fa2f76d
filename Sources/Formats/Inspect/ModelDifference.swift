/// Everything in which two models differ: what they are, what they say, how they are stored, and
/// their weights.
public struct ModelDifference: Sendable {
  /// A statement that only one model makes, or that they make differently.
  public struct Change: Sendable, Hashable {
    /// The key, or the path of the member; of what is very long the beginning.
    public let name: String
    /// What the first model says, or `nil`.
    public let first: JSONValue?
    /// What the second model says, or `nil`.
    public let second: JSONValue?
  }

  /// A tensor that both have, in unlike layouts.
  public struct LayoutChange: Sendable, Hashable {
    /// The Hugging Face name.
    public let name: String
    /// The layout in the first model.
    public let first: String
    /// The layout in the second model.
    public let second: String
  }

  /// Sizes, and the form that the models are stored in.
  public let structure: [Change]
  /// Keys of GGUF files, or members of `config.json`.
  public let metadata: [Change]
  /// Whether both models have metadata of one kind.
  public let comparesMetadata: Bool
  /// Tensors in unlike layouts.
  public let layouts: [LayoutChange]
  /// The weights, or why they cannot be compared.
  public let weights: Result<WeightComparison, FormatError>

  /// Whether nothing differs at all.
  public var isSame: Bool {
    guard case .success(let weights) = weights else { return false }
    return structure.isEmpty && metadata.isEmpty && comparesMetadata && layouts.isEmpty
      && weights.isSame
  }

  /// Compares two models; every weight of both is read.
  ///
  /// - Throws: `io`, `truncated`, `malformed` or `cancelled`; weights that have no canonical form do
  ///   not keep the rest from being compared.
  public init(
    _ first: Model, _ second: Model, budget: RunBudget = RunBudget(),
    toleratingSubnormals: Bool = false
  ) async throws(FormatError) {
    let facts = [first, second].map { model -> JSONValue in
      .object(
        [.init("form", .string(model.form.rawValue))]
          + Inspection.ArchitectureFacts(model).json.members)
    }
    structure = JSONDifference.changes(facts[0], facts[1])
    comparesMetadata = (first.form == .gguf) == (second.form == .gguf)
    metadata =
      comparesMetadata
      ? try JSONDifference.changes(Self.statements(first), Self.statements(second)) : []
    layouts = try Self.layoutChanges(first, second)
    weights = try await Self.weights(first, second, budget, toleratingSubnormals)
  }

  private static func weights(
    _ first: Model, _ second: Model, _ budget: RunBudget, _ tolerates: Bool
  ) async throws(FormatError) -> Result<WeightComparison, FormatError> {
    do throws(FormatError) {
      return .success(
        try await WeightComparison(first, second, budget: budget, toleratingSubnormals: tolerates))
    } catch  where error.code == .unsupported || error.code == .notExact {
      return .failure(error)
    } catch {
      throw error
    }
  }

  /// What a model says of itself; of long arrays their digest, which differs where they do.
  private static func statements(_ model: Model) throws(FormatError) -> JSONValue {
    guard let gguf = model.gguf else { return model.config ?? .object([]) }
    var result: [JSONValue.Member] = []
    for entry in gguf.metadata.entries {
      var value = entry.value.json
      if case .array(let array) = entry.value {
        let digest = Digest(of: try array.littleEndianBytes()).hex.prefix(16)
        value = .string("[\(array.elementKind) × \(array.count)] \(digest)")
      }
      // 1 and 1.0 of another type are another statement.
      result.append(.init("\(entry.key) (\(entry.value.typeName))", value))
    }
    return .object(result)
  }

  private static func layoutChanges(
    _ first: Model, _ second: Model
  ) throws(FormatError) -> [LayoutChange] {
    let (tensors, otherTensors) = try namedAlike(first, second)
    let others = Dictionary(
      otherTensors.map { (ByteString($0.name), $0.tensor.layout.name) },
      uniquingKeysWith: { first, _ in first })
    return tensors.compactMap { name, tensor in
      guard let other = others[ByteString(name)], other != tensor.layout.name else { return nil }
      return LayoutChange(name: name, first: tensor.layout.name, second: other)
    }
  }

  /// The tensors by their Hugging Face names, or where those are not known, by their own.
  private static func namedAlike(
    _ first: Model, _ second: Model
  ) throws(FormatError) -> (
    [(name: String, tensor: Tensor)], [(name: String, tensor: Tensor)]
  ) {
    do throws(FormatError) {
      return (
        try locating(file: first.path) { () throws(FormatError) in try first.canonicalTensors() },
        try locating(file: second.path) { () throws(FormatError) in try second.canonicalTensors() }
      )
    } catch  where [.unsupported, .malformed, .limit].contains(error.code) {
      return (first.tensors.map { ($0.name, $0) }, second.tensors.map { ($0.name, $0) })
    } catch {
      throw error
    }
  }
}
