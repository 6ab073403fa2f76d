extension Inspection {
  /// Tensors counted together.
  public struct Total: Sendable, Hashable {
    /// How many tensors.
    public private(set) var tensorCount = 0
    /// How many weights.
    public private(set) var weightCount = 0
    /// The bytes that they take in their files.
    public private(set) var byteCount = 0

    init(_ tensors: some Sequence<TensorFacts>) {
      for tensor in tensors { add(tensor.tensor) }
    }

    /// Bits per weight, scales included, or `nil` where there are no weights.
    public var bitsPerWeight: Double? {
      weightCount > 0 ? Double(byteCount) * 8 / Double(weightCount) : nil
    }

    mutating func add(_ tensor: Tensor) {
      tensorCount += 1
      // Saturating: tensors of an unknown type may claim any size, for no bytes belong to it.
      weightCount = weightCount.saturatingSum(tensor.elementCount)
      byteCount = byteCount.saturatingSum(tensor.byteCount)
    }
  }

  /// The tensors of one layout.
  public struct LayoutFacts: Sendable, Hashable {
    /// The layout.
    public let layout: Layout
    /// Its tensors, counted.
    public private(set) var total: Total

    /// The layouts of a model, most bytes first.
    static func all(_ tensors: some Sequence<TensorFacts>) -> [LayoutFacts] {
      var numbers: [Layout: Int] = [:]
      var totals: [LayoutFacts] = []
      var last = 0
      for facts in tensors {
        let tensor = facts.tensor
        // As a rule many tensors of one layout follow each other.
        if !totals.indices.contains(last) || totals[last].layout != tensor.layout {
          last = numbers[tensor.layout] ?? totals.count
          if last == totals.count {
            numbers[tensor.layout] = last
            totals.append(LayoutFacts(layout: tensor.layout, total: Total([])))
          }
        }
        totals[last].total.add(tensor)
      }
      return totals.sorted {
        ($1.total.byteCount, $0.layout.name) < ($0.total.byteCount, $1.layout.name)
      }
    }
  }
}
