/// A weight as a model means it: one name, one shape, one layout, however many arrays store it.
public struct Tensor: Sendable, Hashable {
  /// The name in the model's own terms: for an AWQ triple `P.qweight`, `P.qzeros` and `P.scales`,
  /// `P.weight`.
  public let name: String
  /// Sizes of the weight, outermost first: `[out, in]` for a linear weight, whatever its layout.
  public let shape: [Int]
  /// How it is stored.
  public let layout: Layout
  /// What is stored, one for each part of the layout.
  public let parts: [StoredPart]
  /// The order in which rows are wanted, where that is not the file's.
  var rowMap: RowMap?
  /// The layout to which values are rounded before anything else is done with them, where they are.
  var roundedLayout: Layout?

  /// Makes a tensor.
  public init(name: String, shape: [Int], layout: Layout, parts: [StoredPart]) {
    self.name = name
    self.shape = shape
    self.layout = layout
    self.parts = parts
  }

  /// The weight as a matrix.
  public var matrix: MatrixShape { MatrixShape(shape) }

  /// The number of weights.
  public var elementCount: Int { matrix.rows * matrix.columns }

  /// The way of its values into a layout: the exact one, by way of that to which they are rounded.
  ///
  /// - Throws: `unsupported` when there is none.
  func route(to target: Layout) throws(FormatError) -> Route {
    let graph = ConversionGraph.standard
    guard let roundedLayout else { return try graph.route(from: layout, to: target) }
    return try graph.roundingRoute(from: layout, to: roundedLayout)
      .followed(by: graph.route(from: roundedLayout, to: target))
  }

  /// The tensor with its values rounded where the target has no exact form for them; the same tensor
  /// where no way to the target rounds.
  func rounded(for target: Layout) throws(FormatError) -> Tensor {
    var copy = self
    copy.roundedLayout =
      try ConversionGraph.standard.roundingRoute(from: layout, to: target).roundedLayout
    return copy
  }

  /// The bytes that it takes in its files.
  public var byteCount: Int { parts.reduce(0) { $0 + $1.info.range.count } }
}

/// One stored array of a tensor.
public struct StoredPart: Sendable, Hashable {
  /// Which of the model's files holds it.
  public let file: Int
  /// What that file says about it.
  public let info: TensorInfo
  /// Whether its elements are stored most significant byte first.
  public let isBigEndian: Bool

  /// Makes a stored part.
  public init(file: Int, info: TensorInfo, isBigEndian: Bool = false) {
    self.file = file
    self.info = info
    self.isBigEndian = isBigEndian
  }
}
