/// One stored array of a layout, described by its unit: the rectangle of weights that belong together.
///
/// A weight matrix `[out, in]` is cut into units of `outputs` × `inputs` weights, and the part holds
/// `unitByteCount` bytes for each: an F16 weight is a unit of 1 × 1 in 2 bytes, a Q1_0 block one of
/// 1 × 128 in 18, a word of AWQ codes one of 8 × 1 in 4. Specs/layouts.md §1.
public struct Part: Sendable, Hashable {
  /// What the part's name ends in: `weight`, `qweight`, `scales`.
  public let suffix: String
  /// The type that containers give it.
  public let type: StorageType
  /// Output rows that a unit covers.
  public let outputs: Int
  /// Input columns that a unit covers.
  public let inputs: Int
  /// Bytes of a unit.
  public let unitByteCount: Int
  /// Whether units are stored with the inputs outermost, as AWQ does.
  public let isTransposed: Bool

  /// Makes a part.
  public init(
    _ suffix: String, _ type: StorageType, outputs: Int = 1, inputs: Int, unitByteCount: Int,
    isTransposed: Bool = false
  ) {
    self.suffix = suffix
    self.type = type
    self.outputs = outputs
    self.inputs = inputs
    self.unitByteCount = unitByteCount
    self.isTransposed = isTransposed
  }

  /// The shape that a container states for this part of a tensor.
  ///
  /// Where a unit is one element, or a block type hides its units, that is the tensor's own shape;
  /// otherwise it counts units, which only makes sense for a matrix.
  public func storedShape(of shape: [Int]) -> [Int] {
    guard type.blockSize == 1, outputs > 1 || inputs > 1 else { return shape }
    let matrix = MatrixShape(shape)
    let units = [matrix.rows / outputs, matrix.columns / inputs]
    return isTransposed ? units.reversed() : units
  }

  /// The bytes of this part for a matrix of that shape; `Int.max` where they are beyond 63 bits, as
  /// those of a shape in a hostile file may be.
  public func byteCount(of shape: MatrixShape) -> Int {
    (shape.rows / outputs).saturatingProduct(shape.columns / inputs)
      .saturatingProduct(unitByteCount)
  }

  /// Where a tile of the matrix lies in this part.
  func rectangle(of tile: Tile, in shape: MatrixShape) -> Rectangle {
    let rows = tile.rows.lowerBound / outputs..<tile.rows.upperBound / outputs
    let columns = tile.columns.lowerBound / inputs..<tile.columns.upperBound / inputs
    let (outer, inner) = isTransposed ? (columns, rows) : (rows, columns)
    let width = isTransposed ? shape.rows / outputs : shape.columns / inputs
    return Rectangle(
      outer: outer,
      inner: inner.lowerBound * unitByteCount..<inner.upperBound * unitByteCount,
      stride: width * unitByteCount)
  }
}

/// A rectangle of bytes within a two-dimensional array of bytes.
struct Rectangle: Sendable, Hashable {
  /// Rows of the array.
  var outer: Range<Int>
  /// Bytes within each of them.
  var inner: Range<Int>
  /// Bytes from one row of the array to the next.
  var stride: Int

  var byteCount: Int { outer.count * inner.count }
  /// Whether the rectangle is one run of bytes in the array.
  var isContiguous: Bool { inner.count == stride || outer.count <= 1 }
  /// Where the first byte lies in the array.
  var start: Int { outer.lowerBound * stride + inner.lowerBound }
}
