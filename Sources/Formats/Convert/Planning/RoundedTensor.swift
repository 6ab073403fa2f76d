/// A tensor whose weights are not all those of the source any more, because that was allowed.
public struct RoundedTensor: Sendable, Hashable {
  /// The name in the output.
  public let name: String
  /// The layout to which its values were rounded.
  public let layout: Layout
  /// All weights of the tensor.
  public let weightCount: Int
  /// What became of them.
  public let rounding: Rounding

  /// One sentence.
  var note: String {
    "\(name.quotedName) is rounded to \(layout.name): \(rounding.changedCount) of "
      + "\(weightCount) weights change, by at most \(rounding.largestDifference)"
  }
}

extension [RoundedTensor] {
  /// The weights that changed in all of them.
  var changedCount: Int { reduce(0) { $0 + $1.rounding.changedCount } }
}

extension TargetPlan {
  /// What the plan rounds, in the order of the output.
  var roundedTensors: [RoundedTensor] { entries.compactMap(\.roundedTensor) }
}

extension TargetPlan.Entry {
  fileprivate var roundedTensor: RoundedTensor? {
    guard case .rounded(let rounding)? = finding, let layout = source.roundedLayout else {
      return nil
    }
    return RoundedTensor(
      name: name, layout: layout, weightCount: source.elementCount, rounding: rounding)
  }
}

extension RoundedTensor {
  /// The tensor as a document; Specs/exactness.md §4.
  public var json: JSONValue {
    .object(
      [
        .init("tensor", .string(name)), .init("layout", .string(layout.name)),
        .init("weights", .integer(weightCount)),
      ] + rounding.members)
  }
}

extension Rounding {
  /// The figures as members of a document; Specs/exactness.md §4.
  var members: [JSONValue.Member] {
    [
      .init("changed", .integer(changedCount)),
      .init("largest_difference", .number("\(largestDifference)")),
    ]
  }
}
