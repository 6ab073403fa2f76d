import Formats

/// Tensors of several layers that are alike in everything but the layer's number.
struct TensorGroup {
  /// The number of the first of them: where no names are alike there are as many groups as tensors,
  /// and each has to be small.
  let first: Int
  private(set) var layers: [Int] = []
  private(set) var byteCount = 0

  private struct Key: Hashable {
    let name: ByteString
    let shape: [Int]
    let layout: Layout
  }

  /// The groups, in the order of their first tensors.
  static func all(_ tensors: [Inspection.TensorFacts]) -> [TensorGroup] {
    var groups: [TensorGroup] = []
    var indices: [Key: Int] = [:]
    for (number, facts) in tensors.enumerated() {
      let tensor = facts.tensor
      let (name, layer) = pattern(tensor.name)
      var index = groups.count
      if let layer {
        let key = Key(name: ByteString(name), shape: tensor.shape, layout: tensor.layout)
        index = indices[key] ?? index
        if index == groups.count { indices[key] = index }
        if index < groups.count { groups[index].layers.append(layer) }
      }
      // Without a number in its name a tensor is like no other.
      if index == groups.count {
        groups.append(TensorGroup(first: number, layers: layer.map { [$0] } ?? []))
      }
      groups[index].byteCount &+= tensor.byteCount
    }
    return groups
  }

  /// `0–35`, `0–3, 5`; empty for tensors outside the layers.
  var layerRanges: String {
    var ranges: [ClosedRange<Int>] = []
    for layer in layers.sorted() {
      if let last = ranges.last, last.upperBound + 1 >= layer {
        ranges[ranges.count - 1] = last.lowerBound...layer
      } else {
        ranges.append(layer...layer)
      }
    }
    let texts = ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
    }
    guard texts.count > 3 else { return texts.joined(separator: ", ") }
    return "\(layers.count) of \(ranges[0].lowerBound)–\(layers.max() ?? 0)"
  }

  /// The name with `N` for the layer's number: `blk.N.attn_q.weight`.
  static func name(_ name: String) -> String { pattern(name).name }

  /// The name with its first number left open, and that number.
  private static func pattern(_ name: String) -> (name: String, layer: Int?) {
    guard name.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return (name, nil) }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isNumber = { (part: String) in
      (1...6).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    guard let index = parts.firstIndex(where: isNumber), let layer = Int(parts[index]) else {
      return (name, nil)
    }
    parts[index] = "N"
    return (parts.joined(separator: "."), layer)
  }
}
