/// How engines split a model over devices: what comes out of attention heads and of the feed-forward
/// block is split by outputs, what goes back into the residual stream by inputs. The vocabulary is
/// padded, so it never stands in the way.
struct TensorSplit {
  /// The kernels that multiply AWQ weights; each wants its own multiples.
  enum Kernel {
    case plain
    case marlin

    /// Outputs that one device must get a multiple of.
    var outputs: Int { self == .plain ? 8 : 64 }
    /// Inputs that one device must get a multiple of.
    func inputs(_ groupSize: Int) -> Int { self == .plain ? groupSize : max(groupSize, 128) }
  }

  private let names: NameTable
  private let heads: Int
  private let keyValueHeads: Int
  private let headDimension: Int
  private let tensors: [ByteString: Tensor]
  private let weights: [(row: NameTable.Row, tensor: Tensor)]

  init?(_ model: Model, _ architecture: Inspection.ArchitectureFacts) {
    guard let names = architecture.name.flatMap(NameTable.table),
      let heads = architecture.headCount, let keyValueHeads = architecture.keyValueHeadCount,
      let headDimension = architecture.headDimension
    else { return nil }
    self.names = names
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headDimension = headDimension
    tensors = Dictionary(
      model.tensors.map { (ByteString($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    weights = Self.weights(names, tensors)
  }

  /// Why so many devices do not work, or `nil` where they do.
  func obstacle(_ size: Int, kernel: Kernel) -> String? {
    guard heads % size == 0 else { return "\(heads) heads" }
    guard keyValueHeads % size == 0 || size % keyValueHeads == 0 else {
      return "\(keyValueHeads) key-value heads"
    }
    for (row, tensor) in weights {
      if let reason = obstacle(tensor, row, size, kernel) {
        return "\(Self.module(tensor.name).quotedName): \(reason)"
      }
    }
    return nil
  }

  /// The AWQ weights, one for each shape that a row of the table has: as a rule one of all layers.
  private static func weights(
    _ names: NameTable, _ tensors: [ByteString: Tensor]
  ) -> [(NameTable.Row, Tensor)] {
    var result: [(NameTable.Row, Tensor)] = []
    for row in names.rows where row.huggingFace.isPerLayer && row.shape.count == 2 {
      var shapes: Set<[Int]> = []
      for layer in 0..<Limit.layers.ceiling {
        guard let tensor = tensors[ByteString(row.huggingFace.name(layer: layer))] else { break }
        guard tensor.layout.isAWQ, shapes.insert(tensor.shape).inserted else { continue }
        result.append((row, tensor))
      }
    }
    return result
  }

  private func obstacle(
    _ tensor: Tensor, _ row: NameTable.Row, _ size: Int, _ kernel: Kernel
  ) -> String? {
    guard tensor.shape.count == 2, let groupSize = tensor.layout.groupSize else { return nil }
    let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
    let unit = kernel.inputs(groupSize)
    let isSplitByInputs = row.shape[0] == .hidden
    let (share, rest) = inputs.quotientAndRemainder(dividingBy: isSplitByInputs ? size : 1)
    guard rest == 0, share % unit == 0 else {
      return isSplitByInputs
        ? "\(inputs) inputs over \(size) are no multiples of \(unit)"
        : "\(inputs) inputs are no multiple of \(unit)"
    }
    let shares = isSplitByInputs ? outputs : fusedShares(tensor, size)
    guard let shares, shares % kernel.outputs == 0 else {
      return "\(outputs) outputs over \(size) are no multiples of \(kernel.outputs)"
    }
    return nil
  }

  /// The outputs that one device gets of all tensors that engines join with this one; `nil` where
  /// they cannot be shared out evenly. Key-value heads are repeated where there are more devices.
  private func fusedShares(_ tensor: Tensor, _ size: Int) -> Int? {
    let siblings = names.fusedSiblings(huggingFace: tensor.name)
    var sum = 0
    for name in siblings.isEmpty ? [tensor.name] : siblings {
      guard let sibling = tensors[ByteString(name)], let outputs = sibling.shape.first,
        let match = names.match(huggingFace: name)
      else { return nil }
      let isRepeated = match.row.shape.first == .keyValues && size > keyValueHeads
      let (share, rest) = outputs.quotientAndRemainder(
        dividingBy: isRepeated ? keyValueHeads : size)
      // Codes of eight outputs lie in one word, which cannot be torn.
      guard rest == 0, share % 8 == 0 else { return nil }
      sum = sum.saturatingSum(share)
    }
    return sum
  }

  /// `model.layers.0.mlp.down_proj.weight` is `down_proj` to people.
  private static func module(_ name: String) -> String {
    name.split(separator: ".").dropLast().last.map(String.init) ?? name
  }
}
