extension Model {
  /// Reads rows of a tensor, in a layout of the caller's choice, into the caller's buffer.
  ///
  /// The buffer receives the layout's parts one after the other, each as it would be stored for a
  /// tensor of just these rows; ``Layout/byteCount(of:)`` says how many bytes that is. From a layout
  /// that stores the inputs outermost (AWQ), few rows cost one small read per input: ask for many.
  ///
  /// - Parameters:
  ///   - tensor: A tensor of this model.
  ///   - rows: Output rows; for AWQ, on either side, multiples of 8. `nil` for all.
  ///   - layout: What to read them as.
  ///   - destination: Exactly as many bytes as needed.
  /// - Throws: `usage` for rows or a buffer that do not fit; `unsupported` where there is no exact
  ///   way from the stored layout; what the way there refuses; `io` and `truncated`.
  public func read(
    _ tensor: Tensor, rows: Range<Int>? = nil, as layout: Layout,
    into destination: inout MutableRawSpan
  ) throws(FormatError) {
    let matrix = tensor.matrix
    let tile = Tile(rows: rows ?? 0..<matrix.rows, columns: 0..<matrix.columns)
    let route = try locating(file: path, tensor: tensor.name) { () throws(FormatError) in
      let route = try ConversionGraph.standard.route(from: tensor.layout, to: layout)
      try Self.check(tile, within: matrix, route, byteCount: destination.byteCount)
      return route
    }
    var buffer: [UInt8] = []
    try reader.read(tile, of: tensor, into: &buffer)
    var scratch = TileScratch()
    do throws(FormatError) {
      try buffer.withBytes { (source) throws(FormatError) in
        try route.apply(tile, from: source, to: &destination, scratch: &scratch)
      }
    } catch {
      throw error.located(file: path, tensor: tensor.name)
    }
  }

  /// Reads rows of a tensor into the caller's bytes; as the method of the same name does.
  ///
  /// Any array lends such a span, without unsafe code: `buffer.mutableSpan`.
  public func read(
    _ tensor: Tensor, rows: Range<Int>? = nil, as layout: Layout,
    into destination: inout MutableSpan<UInt8>
  ) throws(FormatError) {
    try destination.withMutableBytes { (span) throws(FormatError) in
      try read(tensor, rows: rows, as: layout, into: &span)
    }
  }

  private static func check(
    _ tile: Tile, within matrix: MatrixShape, _ route: Route, byteCount: Int
  ) throws(FormatError) {
    let layouts = [route.source] + route.steps.map(\.target)
    let unit = layouts.map(\.rowUnit).max() ?? 1
    guard tile.rows.lowerBound >= 0, tile.rows.upperBound <= matrix.rows else {
      throw FormatError(.usage, "asked for the rows \(tile.rows), there are \(matrix.rows)")
    }
    guard tile.rows.lowerBound % unit == 0, tile.rows.count % unit == 0 else {
      throw FormatError(.usage, "rows must be multiples of \(unit), asked for \(tile.rows)")
    }
    for layout in layouts where !layout.fits(tile.shape) {
      throw FormatError(
        .unsupported,
        "rows of \(matrix.columns) are not a multiple of \(layout.columnUnit), which "
          + "\(layout.name) needs")
    }
    let needed = route.target.byteCount(of: tile)
    guard byteCount == needed else {
      throw FormatError(.usage, "needed a buffer of \(needed) bytes, got one of \(byteCount)")
    }
  }
}
