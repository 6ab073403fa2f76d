// How the weights of each layout are counted, from packed tiles as they are stored.
extension WeightCounts {
  /// The layouts whose weights are looked at; what others mean is not known here.
  static func isKnown(_ layout: Layout) -> Bool {
    let known: [Layout] = [
      .q1_0, .q1_0Group32, .f16, .bf16, .f32, .mlx1, .mlx1Group64, .mlx1Group32,
    ]
    return known.contains(layout) || layout.isAWQ && layout.parts[2].type == .f16
  }

  /// Counts a tile.
  mutating func add(_ bytes: [UInt8], _ tile: Tile, of tensor: Tensor, _ buffer: inout [UInt8]) {
    let layout = tensor.layout
    bytes.withBytes { span in
      switch layout {
      case .q1_0: addBlocks(span, tile, size: 128, stride: 18)
      case .q1_0Group32: addBlocks(span, tile, size: 32, stride: 6)
      case .f16:
        // Scales of a method that is not known are no weights.
        let isMatrix = tensor.shape.count == 2 && !tensor.isLonePart
        addHalves(span, tile, isMatrix: isMatrix, &buffer)
      case .bf16: addDense(span, tile, mask: 0x7F80, as: UInt16.self)
      case .f32: addDense(span, tile, mask: 0x7F80_0000, as: UInt32.self)
      case _ where layout.isAWQ: addAWQ(span, tile, layout, &buffer)
      default: addMLX(span, tile, layout)
      }
    }
  }

  private mutating func addBlocks(_ span: RawSpan, _ tile: Tile, size: Int, stride: Int) {
    let groups = tile.columns.count / size
    for row in 0..<tile.rows.count {
      for group in 0..<groups {
        add(
          scale: span.load((row * groups + group) * stride, as: UInt16.self),
          at: tile.place(row, group, size))
      }
    }
  }

  /// Counts values whose exponent is all ones.
  private mutating func addDense<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ span: RawSpan, _ tile: Tile, mask: Bits, as type: Bits.Type
  ) {
    let columns = tile.columns.count
    for row in 0..<tile.rows.count {
      var count = 0
      for column in 0..<columns {
        let offset = (row * columns + column) * MemoryLayout<Bits>.size
        if span.load(offset, as: type) & mask == mask { count += 1 }
      }
      add(.notFinite, count, at: Position(row: tile.rows.lowerBound + row, group: nil))
    }
  }

  private mutating func addHalves(
    _ span: RawSpan, _ tile: Tile, isMatrix: Bool, _ buffer: inout [UInt8]
  ) {
    let before = counts(.notFinite)
    addDense(span, tile, mask: 0x7C00, as: UInt16.self)
    guard isMatrix, tile.columns.count % Q1_0.blockSize == 0, counts(.notFinite) == before else {
      return
    }
    var tally = Tally()
    buffer.resize(to: Layout.q1_0.byteCount(of: tile))
    buffer.withMutableBytes { Q1_0.fromF16(span, tile, &$0, &tally) }
    add(.severalMagnitudes, tally.refusedCount, at: tally.firstPlace)
  }

  private mutating func addAWQ(
    _ span: RawSpan, _ tile: Tile, _ layout: Layout, _ buffer: inout [UInt8]
  ) {
    let sizes = layout.parts.map { $0.byteCount(of: tile.shape) }
    let size = layout.groupSize ?? Q1_0.blockSize
    let first = Position(row: tile.rows.lowerBound, group: tile.columns.lowerBound / size)
    var (codes, zeros) = (0, 0)
    for offset in stride(from: 0, to: sizes[0], by: 4) {
      codes += AWQ.codesBesideSevenAndNine(span.load(offset, as: UInt32.self))
    }
    for offset in stride(from: sizes[0], to: sizes[0] + sizes[1], by: 4) {
      zeros += AWQ.nibbles(differing: span.load(offset, as: UInt32.self) ^ AWQ.allZeroPoints)
    }
    add(.awqCode, codes, at: first)
    add(.awqZeroPoint, zeros, at: first)
    var broken = 0
    let rows = tile.rows.count
    for group in 0..<tile.columns.count / size {
      for row in 0..<rows {
        let scale = span.load(
          sizes[0] + sizes[1] + (group * rows + row) * 2, as: UInt16.self)
        if !HalfPrecision.isFinite(scale) { broken += 1 }
        add(scale: scale, at: tile.place(row, group, size))
      }
    }
    // A broken scale has been counted, and would be refused as well.
    guard layout == .awq, codes + zeros > 0 else { return }
    var tally = Tally()
    buffer.resize(to: Layout.q1_0.byteCount(of: tile))
    buffer.withMutableBytes { AWQ.toQ1_0(span, tile, &$0, &tally) }
    add(.awqGroup, max(tally.refusedCount - broken, 0), at: tally.firstPlace)
  }

  private mutating func addMLX(_ span: RawSpan, _ tile: Tile, _ layout: Layout) {
    let sizes = layout.parts.map { $0.byteCount(of: tile.shape) }
    let size = layout.groupSize ?? Q1_0.blockSize
    let groups = tile.columns.count / size
    var tally = Tally(toleratesSubnormals: true)
    for row in 0..<tile.rows.count {
      for column in 0..<groups {
        let index = row * groups + column
        let group = MLXGroup(
          span, scale: sizes[0] + index * 2, bias: sizes[0] + sizes[1] + index * 2,
          bits: index * size / 8, byteCount: size / 8)
        let tolerated = tally.toleratedCount
        if let value = group.oneBit(&tally) {
          add(scale: value.scale, at: tile.place(row, column, size))
        } else if let broken = [group.scale, group.bias].first(where: {
          !HalfPrecision.isFinite($0)
        }) {
          add(scale: broken, at: tile.place(row, column, size))
        } else {
          add(.mlxGroup, at: tile.place(row, column, size))
        }
        add(.mlxSubnormal, tally.toleratedCount - tolerated, at: tile.place(row, column, size))
      }
    }
  }
}

extension AWQ {
  /// How many of a word's eight codes are neither 7 nor 9: what is left of them beside 0111 is 0000
  /// or 1110.
  static func codesBesideSevenAndNine(_ word: UInt32) -> Int {
    let rest = word ^ 0x7777_7777
    let uneven = (rest ^ rest >> 1) & 0x6666_6666
    return nibbles(differing: rest & 0x1111_1111 | uneven)
  }

  /// How many of a word's eight nibbles are not zero.
  static func nibbles(differing word: UInt32) -> Int {
    let pairs = word | word >> 1
    return ((pairs | pairs >> 2) & 0x1111_1111).nonzeroBitCount
  }
}

extension Tile {
  /// A place within the tensor, from one within the tile.
  fileprivate func place(_ row: Int, _ group: Int, _ size: Int) -> WeightCounts.Position {
    WeightCounts.Position(row: rows.lowerBound + row, group: columns.lowerBound / size + group)
  }
}

extension Tally {
  fileprivate var firstPlace: WeightCounts.Position? {
    firstRefusal.map { .init(row: $0.location.row ?? 0, group: $0.location.group) }
  }
}
