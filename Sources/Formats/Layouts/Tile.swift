/// A tensor seen as a matrix: the last size is the columns, all before it together are the rows.
public struct MatrixShape: Sendable, Hashable {
  /// Outputs of a linear weight; 1 for a vector.
  public let rows: Int
  /// Inputs of a linear weight; the elements of a vector.
  public let columns: Int

  /// Makes a matrix shape.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// The matrix of a shape whose element count has been checked to fit.
  public init(_ shape: [Int]) {
    columns = shape.last ?? 1
    // No overflow: the product divides the element count, unless that is zero.
    rows = shape.contains(0) ? 0 : shape.dropLast().reduce(1, *)
  }

  /// All of it.
  public var whole: Tile { Tile(rows: 0..<rows, columns: 0..<columns) }
}

/// A rectangle of a weight matrix.
///
/// In memory a tile is one packed buffer: the rectangle of each of the layout's parts, one after the
/// other.
public struct Tile: Sendable, Hashable {
  /// Output rows.
  public var rows: Range<Int>
  /// Input columns.
  public var columns: Range<Int>

  /// Makes a tile.
  public init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
  }

  /// Whether there is nothing in it. Its other size may then be any number, as may that of a tensor
  /// without weights: nothing is to be counted.
  var isEmpty: Bool { rows.isEmpty || columns.isEmpty }

  /// The tile as a matrix of its own.
  var shape: MatrixShape { MatrixShape(rows: rows.count, columns: columns.count) }
}
