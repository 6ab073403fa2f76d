import Formats

/// Tensors of several layers that are alike in everything but the layer's number.
struct TensorGroup {
  /// The number of the first of them: where no names are alike there are as many groups as tensors,
  /// and each has to be small.
  let first: Int
  private(set) var layers: [Int] = []
  private(set) var byteCount = 0
  /// Where their names differ.
  private let number: LayerNumber?

  private struct Key: Hashable {
    let name: ByteString
    let shape: [Int]
    let layout: Layout
  }

  private init(_ first: Int, _ number: LayerNumber?) {
    self.first = first
    self.number = number
    layers = number.map { [$0.value] } ?? []
  }

  /// The groups, in the order of their first tensors.
  static func all(_ tensors: [Inspection.TensorFacts]) -> [TensorGroup] {
    var groups: [TensorGroup] = []
    var indices: [Key: Int] = [:]
    for (number, facts) in tensors.enumerated() {
      let tensor = facts.tensor
      let layer = LayerNumber(in: tensor.name)
      var index = groups.count
      if let layer {
        let name = ByteString(layer.leftOpen(in: tensor.name))
        let key = Key(name: name, shape: tensor.shape, layout: tensor.layout)
        index = indices[key] ?? index
        if index == groups.count { indices[key] = index }
        if index < groups.count { groups[index].layers.append(layer.value) }
      }
      // Without a number in its name a tensor is like no other.
      if index == groups.count {
        groups.append(TensorGroup(number, layer))
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

  /// A name of the group's tensors with `N` for the layer's number: `blk.N.attn_q.weight`.
  func name(_ name: String) -> String { number.map { $0.leftOpen(in: name) } ?? name }

  /// The same for a name that the tensors have elsewhere.
  static func name(_ name: String) -> String {
    LayerNumber(in: name).map { $0.leftOpen(in: name) } ?? name
  }
}
