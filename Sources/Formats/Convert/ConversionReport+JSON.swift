extension ConversionReport {
  /// The report as a document; Specs/exactness.md §5.
  public func json(output: String) -> JSONValue {
    [
      "schema": "bonsai-fmt/conversion/1",
      "output": .string(output),
      "files": .array(files.map { ["name": .string($0.name), "bytes": .integer($0.byteCount)] }),
      "tensors": .array(
        tensorCounts.map { ["layout": .string($0.layout.name), "count": .integer($0.count)] }),
      "weights": .integer(weightCount),
      "notes": .array(notes.map { .string($0) }),
      "rounded": .array(roundedTensors.map(\.json)),
      "tolerated_groups": .integer(toleratedGroupCount),
      "proven": .bool(isProven),
      "fingerprint": fingerprint.map { .string($0.description) } ?? .null,
    ]
  }
}
