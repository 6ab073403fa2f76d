// How one part of a weight is counted by itself, where the others have gone by or are yet to come.
extension WeightCounts {
  /// Counts a tile of one part.
  mutating func add(_ bytes: [UInt8], _ tile: Tile, part number: Int, of tensor: Tensor) {
    let layout = tensor.layout
    bytes.withBytes { span in
      guard Self.isKnown(layout) else {
        return addScales(span, tile, layout, layout.parts[number].type)
      }
      switch (layout.isAWQ, number) {
      case (true, 0): addCodes(span, tile, layout)
      case (true, 1): addZeroPoints(span, tile, layout)
      case (true, _): addAWQScales(span, tile, layout)
      case (false, 1): addMLXScales(span, tile, layout)
      case (false, 2): addMLXBiases(span, tile, layout)
      // Any words are right.
      default: return
      }
    }
  }

  private mutating func addCodes(_ span: RawSpan, _ tile: Tile, _ layout: Layout) {
    var count = 0
    for index in 0..<span.byteCount / 4 {
      count += AWQ.codesBesideSevenAndNine(span.load(index * 4, as: UInt32.self))
    }
    add(.awqCode, count, at: tile.place(0, 0, layout))
  }

  private mutating func addZeroPoints(_ span: RawSpan, _ tile: Tile, _ layout: Layout) {
    var count = 0
    for index in 0..<span.byteCount / 4 {
      count += AWQ.nibbles(differing: span.load(index * 4, as: UInt32.self) ^ AWQ.allZeroPoints)
    }
    add(.awqZeroPoint, count, at: tile.place(0, 0, layout))
  }

  /// Scales of any floating-point type, beside words that mean nothing here: whether they are finite.
  private mutating func addScales(
    _ span: RawSpan, _ tile: Tile, _ layout: Layout, _ type: StorageType
  ) {
    switch type {
    case .f16: addScales(span, tile, layout, infinity: 0x7C00 as UInt16)
    case .bf16: addScales(span, tile, layout, infinity: 0x7F80 as UInt16)
    case .f32: addScales(span, tile, layout, infinity: 0x7F80_0000 as UInt32)
    default: return
    }
  }

  private mutating func addScales<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ span: RawSpan, _ tile: Tile, _ layout: Layout, infinity: Bits
  ) {
    let size = MemoryLayout<Bits>.size
    let inner = layout.isTransposed ? tile.rows.count : span.byteCount / size / tile.rows.count
    for index in 0..<span.byteCount / size {
      let magnitude = span.load(index * size, as: Bits.self) & (Bits.max >> 1)
      guard magnitude >= infinity else { continue }
      let (outer, rest) = index.quotientAndRemainder(dividingBy: inner)
      let (row, group) = layout.isTransposed ? (rest, outer) : (outer, rest)
      add(magnitude == infinity ? .infiniteScale : .nanScale, at: tile.place(row, group, layout))
    }
  }

  /// Groups are outermost.
  private mutating func addAWQScales(_ span: RawSpan, _ tile: Tile, _ layout: Layout) {
    let rows = tile.rows.count
    for index in 0..<span.byteCount / 2 {
      add(
        scale: span.load(index * 2, as: UInt16.self),
        at: tile.place(index % rows, index / rows, layout))
    }
  }

  /// MLX scales are 2d, or not used where a group has biases only: NaN and infinity alone say anything.
  private mutating func addMLXScales(_ span: RawSpan, _ tile: Tile, _ layout: Layout) {
    let groups = max(tile.columns.count / layout.usualGroupSize, 1)
    for index in 0..<span.byteCount / 2 {
      let scale = span.load(index * 2, as: UInt16.self)
      guard !HalfPrecision.isFinite(scale) else { continue }
      add(scale: scale, at: tile.place(index / groups, index % groups, layout))
    }
  }

  /// Biases are the values but for their signs, which only words and scales tell.
  private mutating func addMLXBiases(_ span: RawSpan, _ tile: Tile, _ layout: Layout) {
    let groups = max(tile.columns.count / layout.usualGroupSize, 1)
    for index in 0..<span.byteCount / 2 {
      let bias = span.load(index * 2, as: UInt16.self)
      add(scale: bias & 0x7FFF, at: tile.place(index / groups, index % groups, layout))
    }
  }
}

extension Layout {
  /// The parts that are scales, or biases, of AWQ's and MLX's layouts, whatever their numbers.
  var scaleParts: [Int] {
    parts.indices.filter { ["scales", "biases"].contains(parts[$0].suffix) }
  }

  fileprivate var usualGroupSize: Int { groupSize ?? Q1_0.blockSize }
}

extension Tile {
  fileprivate func place(_ row: Int, _ group: Int, _ layout: Layout) -> WeightCounts.Position {
    WeightCounts.Position(
      row: rows.lowerBound + row, group: columns.lowerBound / layout.usualGroupSize + group)
  }
}
