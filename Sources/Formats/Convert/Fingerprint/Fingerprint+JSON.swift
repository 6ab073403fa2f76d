extension Fingerprint {
  /// The fingerprint with its tensors as a document; Specs/fingerprint.md §4.
  public func json(path: String) -> JSONValue {
    [
      "schema": "bonsai-fmt/fingerprint/1",
      "path": .string(path),
      "fingerprint": .string(description),
      "weights": .integer(weightCount),
      "tensors": .array(tensors.map(\.json)),
    ]
  }
}

extension Fingerprint.Tensor {
  fileprivate var json: JSONValue {
    [
      "name": .string(name),
      "shape": .array(shape.map { .integer($0) }),
      "kind": .string(kind.rawValue),
      "digest": .string(digest.hex),
    ]
  }
}
