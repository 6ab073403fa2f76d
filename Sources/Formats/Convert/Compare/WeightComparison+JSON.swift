extension WeightComparison {
  /// The comparison as a document; Specs/fingerprint.md §4.
  public var json: JSONValue {
    [
      "schema": "bonsai-fmt/verify/1",
      "same": .bool(isSame),
      "fingerprints": [.string("\(first)"), .string("\(second)")],
      "differences": .array(differences.map(\.json)),
    ]
  }
}

extension WeightComparison.Difference {
  fileprivate var json: JSONValue {
    var members = [JSONValue.Member("name", .string(name))]
    switch kind {
    case .onlyInFirst: members.append(.init("kind", "only_in_first"))
    case .onlyInSecond: members.append(.init("kind", "only_in_second"))
    case .shapes(let first, let second):
      members.append(.init("kind", "shapes"))
      let shapes = [first, second].map { JSONValue.array($0.map { .integer($0) }) }
      members.append(.init("shapes", .array(shapes)))
    case .values(let found):
      members.append(.init("kind", "values"))
      members.append(.init("weights", .integer(found.weightCount)))
      members.append(.init("flipped_signs", .optional(found.oneBit?.flippedSignCount)))
      members.append(.init("differing_scales", .optional(found.oneBit?.differingScaleCount)))
      // JSON has no number for what is infinite.
      let error = found.largestError
      members.append(.init("largest_error", error.isFinite ? .number("\(error)") : .null))
    }
    return .object(members)
  }
}
