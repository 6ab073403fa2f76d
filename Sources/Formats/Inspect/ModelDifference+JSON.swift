extension ModelDifference {
  /// The difference as a document; Specs/fingerprint.md §4.
  public var json: JSONValue {
    [
      "schema": "bonsai-fmt/diff/1",
      "same": .bool(isSame),
      "structure": .array(structure.map(\.json)),
      "metadata": comparesMetadata ? .array(metadata.map(\.json)) : .null,
      "layouts": .array(
        layouts.map {
          ["name": .string($0.name), "first": .string($0.first), "second": .string($0.second)]
        }),
      "weights": comparison.map(\.json) ?? .null,
      "weights_refused": refusal.map { .string($0.description) } ?? .null,
    ]
  }

  private var comparison: WeightComparison? { try? weights.get() }

  private var refusal: FormatError? {
    guard case .failure(let error) = weights else { return nil }
    return error
  }
}

extension ModelDifference.Change {
  fileprivate var json: JSONValue {
    ["name": .string(name), "first": first ?? .null, "second": second ?? .null]
  }
}
