/// One tensor on its way: where it is read, and where and how it is written.
struct Move: Sendable {
  /// The tensor in the source.
  let source: Tensor
  /// The tensor in the output, with its place in each of the output's files.
  let target: Tensor
  /// The part of the target that is written, where its parts are written one after the other.
  var part: Int?

  /// Whether the source lies the other way round than the target, so that its 1-bit form is held.
  var needsStage: Bool { source.layout.isTransposed != target.layout.isTransposed }

  /// The parts that are written.
  var parts: Range<Int> { part.map { $0..<$0 + 1 } ?? target.parts.indices }

  /// Where in its file lies what is written, if that is one part.
  var range: Range<Int> { target.parts[part ?? 0].info.range }

  /// The file in which the target lies.
  var file: Int { target.parts.first?.file ?? 0 }

  /// The tiles in which the target is written: contiguous in each of its parts.
  ///
  /// - Parameter layout: The layout in which they are delivered.
  func tiling(as layout: Layout, byteCount: Int, rowUnit: Int = 1) -> Tiling {
    Tiling(
      of: target.matrix, in: target.layout, units: [source.layout, .q1_0, layout],
      rowUnit: rowUnit, byteCount: byteCount)
  }

  /// What its tiles are a multiple of in rows, where they are hashed and each is one run of bytes:
  /// whole leaves, and whole heads where the order of rows within these changes.
  var hashedRowUnit: Int {
    let heads = source.rowMap?.headRows ?? 1
    var (one, other) = (LeafGrid.rows, heads)
    while other > 0 { (one, other) = (other, one % other) }
    return LeafGrid.rows / one * heads
  }

  /// The layout in which source and target are compared: the stored bytes of quantized weights that
  /// keep their layout, and of what is only carried along; otherwise Q1_0 where one of them is
  /// quantized, F32 where both are dense.
  var comparisonLayout: Layout {
    let isQuantized = source.layout.groupSize != nil
    if source.layout == target.layout, isQuantized || !Layouts.all.contains(source.layout) {
      return source.layout
    }
    return isQuantized || target.layout.groupSize != nil ? .q1_0 : .f32
  }

  /// The layout in which a written file is compared with its source: one that dense values have without
  /// passing the encoder again, wherever the target is read in the source's order.
  var proofLayout: Layout {
    let isDense = source.layout.groupSize == nil && source.roundedLayout == nil
    guard comparisonLayout == .q1_0, isDense, !needsStage else { return comparisonLayout }
    return source.layout == .f16 ? .f16 : .f32
  }
}
