import Formats

/// Tensors of several layers that are alike in everything but the layer's number.
struct TensorGroup {
  /// The name with `N` for the number: `blk.N.attn_q.weight`.
  let name: String
  let huggingFaceName: String?
  let shape: [Int]
  let layout: Layout
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
    for facts in tensors {
      let tensor = facts.tensor
      let (name, layer) = pattern(tensor.name)
      let key = Key(name: ByteString(name), shape: tensor.shape, layout: tensor.layout)
      if indices[key] == nil {
        indices[key] = groups.count
        groups.append(
          TensorGroup(
            name: name, huggingFaceName: facts.huggingFaceName.map { pattern($0).name },
            shape: tensor.shape, layout: tensor.layout))
      }
      guard let index = indices[key] else { continue }
      if let layer { groups[index].layers.append(layer) }
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
