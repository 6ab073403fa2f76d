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
      "weights": weights.json,
    ]
  }
}

extension ModelDifference.Change {
  fileprivate var json: JSONValue {
    ["name": .string(name), "first": first ?? .null, "second": second ?? .null]
  }
}
