/// A weight as a model means it: one name, one shape, one layout, however many arrays store it.
public struct Tensor: Sendable, Hashable {
  /// The name in the model's own terms: for an AWQ triple `P.qweight`, `P.qzeros` and `P.scales`,
  /// `P.weight`.
  public var name: String { description.name }
  /// Sizes of the weight, outermost first: `[out, in]` for a linear weight, whatever its layout.
  public var shape: [Int] { description.shape }
  /// How it is stored.
  public var layout: Layout { description.layout }
  /// What is stored, one for each part of the layout.
  public var parts: [StoredPart] { description.parts }
  /// The order in which rows are wanted, where that is not the file's.
  var rowMap: RowMap?
  /// The layout to which values are rounded before anything else is done with them, where they are.
  var roundedLayout: Layout?

  /// Shared by all copies: lists of tensors are made from lists of tensors, and a model can have
  /// 100,000.
  private let description: Description

  private final class Description: Sendable {
    let name: String
    let shape: [Int]
    let layout: Layout
    let parts: [StoredPart]

    init(_ name: String, _ shape: [Int], _ layout: Layout, _ parts: [StoredPart]) {
      self.name = name
      self.shape = shape
      self.layout = layout
      self.parts = parts
    }
  }

  /// Makes a tensor.
  public init(name: String, shape: [Int], layout: Layout, parts: [StoredPart]) {
    description = Description(name, shape, layout, parts)
  }

  /// Whether two tensors are the same in all that they say.
  public static func == (one: Tensor, other: Tensor) -> Bool {
    guard one.rowMap == other.rowMap, one.roundedLayout == other.roundedLayout else {
      return false
    }
    return one.description === other.description
      || (one.name.hasSameBytes(as: other.name) && one.shape == other.shape
        && one.layout == other.layout && one.parts == other.parts)
  }

  /// Feeds the name, which no other tensor of a model has.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

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
