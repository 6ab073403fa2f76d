import Formats

extension WeightComparison {
  /// What is to be said about the comparison, the verdict last.
  var lines: [String] {
    guard !isSame else {
      return [
        "same weights: \(Quantity.grouped(first.weightCount)) in "
          + "\(Quantity.counted(first.tensors.count, "tensor")), "
          + "fingerprint \(first)"
      ]
    }
    let total = max(first.tensors.count, second.tensors.count)
    return differences.map { "\($0.name.quoted(upTo: 200)): \($0.text)" } + [
      "different weights: \(differences.count) of \(total) tensors differ"
    ]
  }
}

extension WeightComparison.Difference {
  fileprivate var text: String {
    switch kind {
    case .onlyInFirst: "only in the first model"
    case .onlyInSecond: "only in the second model"
    case .shapes(let first, let second):
      "shape \(first) in the first model, \(second) in the second"
    case .values(let found):
      found.counts + ", largest error \(found.largestError)"
    }
  }
}

extension ValueDifferences {
  fileprivate var counts: String {
    guard let oneBit else { return "\(Quantity.grouped(weightCount)) weights differ" }
    return "\(Quantity.grouped(oneBit.flippedSignCount)) signs flipped, "
      + "\(Quantity.grouped(oneBit.differingScaleCount)) scales of 128 differ"
  }
}
