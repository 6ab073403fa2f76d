/// How a matrix is cut into tiles that are worked on one at a time.
struct Tiling: Sendable, Hashable {
  /// Output rows in a tile, or `nil` for all of them.
  private let rows: Int?
  /// Input columns in a tile, or `nil` for all of them.
  private let columns: Int?

  /// Whole rows, or whole columns where the layout is transposed, so that a tile is contiguous in
  /// each of its parts; as many as fit a number of bytes, and at least one unit.
  ///
  /// - Parameters:
  ///   - shape: The matrix.
  ///   - layout: The layout that decides whether rows or columns stay whole.
  ///   - units: The other layouts that a tile passes through: it must be whole units of each, and
  ///     keep to the number of bytes in each.
  ///   - rowUnit: Rows that are to stay together for another reason.
  ///   - byteCount: The bytes of a tile.
  init(
    of shape: MatrixShape, in layout: Layout, units: [Layout], rowUnit: Int = 1, byteCount: Int
  ) {
    let layouts = units + [layout]
    guard shape.rows > 0, shape.columns > 0 else {
      // Its other size can be anything.
      (rows, columns) = (nil, nil)
      return
    }
    if layout.isTransposed {
      // Groups of 96 and blocks of 128 are whole together in 384 columns, or in all that there are.
      let whole = layouts.reduce(1) { $0.leastCommonMultiple($1.columnUnit) }
      let unit = min(whole, max(shape.columns, 1))
      let bytes = Self.largest(layouts, MatrixShape(rows: shape.rows, columns: unit))
      rows = nil
      columns = max(byteCount / max(bytes, 1), 1) * unit
    } else {
      let unit = max(layouts.map(\.rowUnit).max() ?? 1, rowUnit)
      let bytes = Self.largest(layouts, MatrixShape(rows: unit, columns: shape.columns))
      rows = max(byteCount / max(bytes, 1), 1) * unit
      columns = nil
    }
  }

  private static func largest(_ layouts: [Layout], _ shape: MatrixShape) -> Int {
    layouts.map { $0.byteCount(of: shape) }.max() ?? 0
  }

  /// How many tiles there are.
  func count(of shape: MatrixShape) -> Int {
    guard shape.rows > 0, shape.columns > 0 else { return 0 }
    if let rows { return shape.rows.pieces(of: rows) }
    guard let columns else { return 1 }
    return shape.columns.pieces(of: columns)
  }

  /// One of them.
  func tile(_ index: Int, of shape: MatrixShape) -> Tile {
    var tile = shape.whole
    if let rows { tile.rows = Self.piece(index, rows, of: shape.rows) }
    if let columns { tile.columns = Self.piece(index, columns, of: shape.columns) }
    return tile
  }

  private static func piece(_ index: Int, _ size: Int, of count: Int) -> Range<Int> {
    let start = index * size
    return start..<start + min(size, count - start)
  }

  /// The first, which no other exceeds; all of a matrix without any.
  func largestTile(of shape: MatrixShape) -> Tile {
    count(of: shape) == 0 ? shape.whole : tile(0, of: shape)
  }

  /// All of them.
  func tiles(of shape: MatrixShape) -> [Tile] {
    (0..<count(of: shape)).map { tile($0, of: shape) }
  }
}

extension Int {
  /// Of numbers above zero; `Int.max` where it is beyond 63 bits.
  fileprivate func leastCommonMultiple(_ other: Int) -> Int {
    var (one, rest) = (self, other)
    while rest > 0 { (one, rest) = (rest, one % rest) }
    let (product, overflow) = (self / Swift.max(one, 1)).multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
