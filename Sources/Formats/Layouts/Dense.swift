extension Layout {
  /// Dense binary32.
  public static let f32 = Layout(opaque: .f32)
  /// Dense binary16.
  public static let f16 = Layout(opaque: .f16)
  /// Dense bfloat16.
  public static let bf16 = Layout(opaque: .bf16)

  /// Makes the zeros among values in F16 or F32 positive: of a group whose scale is zero no sign counts.
  func dropSignsOfZeros(_ values: inout [UInt8]) {
    guard self == .f16 || self == .f32 else { return }
    values.withMutableBytes { span in
      if self == .f16 {
        for offset in stride(from: 0, to: span.byteCount, by: 2)
        where span.bytes.load(offset, as: UInt16.self) == 0x8000 {
          span.store(0 as UInt16, at: offset)
        }
      } else {
        for offset in stride(from: 0, to: span.byteCount, by: 4)
        where span.bytes.load(offset, as: UInt32.self) == 0x8000_0000 {
          span.store(0 as UInt32, at: offset)
        }
      }
    }
  }
}

/// Dense F16 against F32; Specs/layouts.md §2.
enum F16 {
  static let transforms = [
    Transform(.f16, to: .f32, .lossless, mayRefuse: false, widen),
    Transform(.f32, to: .f16, .lossless, mayRefuse: true, narrow),
    Transform(.f32, to: .f16, .rounds, mayRefuse: true, round),
  ]

  @Sendable static func widen(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    for index in 0..<tile.rows.count * tile.columns.count {
      target.store(HalfPrecision.widen(source.load(index * 2, as: UInt16.self)), at: index * 4)
    }
  }

  @Sendable static func narrow(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    let count = tile.rows.count * tile.columns.count
    for start in stride(from: 0, to: count, by: chunk) {
      if count - start >= chunk, narrowNormals(source, start, &target) { continue }
      for index in start..<min(start + chunk, count) {
        let bits = source.load(index * 4, as: UInt32.self)
        guard let half = HalfPrecision.narrowExactly(bits) else {
          tally.refuse(notExact(Float(bitPattern: bits), "F16", index, tile))
          continue
        }
        target.store(half, at: index * 2)
      }
    }
  }

  /// Values that are narrowed together.
  private static let chunk = 64

  /// - Returns: `false` where one of the values is not an exact normal number.
  @inline(__always)
  private static func narrowNormals(
    _ source: RawSpan, _ start: Int, _ target: inout MutableRawSpan
  ) -> Bool {
    var wrong = SIMD8<UInt32>()
    for index in stride(from: start, to: start + chunk, by: 8) {
      let singles = source.loadVector(index * 4, as: SIMD8<UInt32>.self)
      target.storeVector(HalfPrecision.narrowNormals(singles, &wrong), at: index * 2)
    }
    return wrong == SIMD8<UInt32>()
  }

  /// To the nearest, ties to even; what would become infinite is refused.
  @Sendable static func round(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    var rounding = Rounding()
    for index in 0..<tile.rows.count * tile.columns.count {
      let bits = source.load(index * 4, as: UInt32.self)
      guard let half = HalfPrecision.narrowToNearest(bits) else {
        tally.refuse(beyondF16(Float(bitPattern: bits), index, tile))
        continue
      }
      target.store(half, at: index * 2)
      let rounded = HalfPrecision.widen(half)
      if rounded != bits {
        rounding.change(from: Float(bitPattern: bits), to: Float(bitPattern: rounded))
      }
    }
    tally.round(rounding)
  }
}

/// Dense BF16 against F32.
enum BF16 {
  static let transforms = [
    Transform(.bf16, to: .f32, .lossless, mayRefuse: false, widen),
    Transform(.f32, to: .bf16, .lossless, mayRefuse: true, narrow),
  ]

  @Sendable static func widen(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    for index in 0..<tile.rows.count * tile.columns.count {
      target.store(UInt32(source.load(index * 2, as: UInt16.self)) << 16, at: index * 4)
    }
  }

  @Sendable static func narrow(
    _ source: RawSpan, _ tile: Tile, _ target: inout MutableRawSpan,
    _ tally: inout Tally
  ) {
    for index in 0..<tile.rows.count * tile.columns.count {
      let bits = source.load(index * 4, as: UInt32.self)
      guard bits & 0xFFFF == 0 else {
        tally.refuse(notExact(Float(bitPattern: bits), "BF16", index, tile))
        continue
      }
      target.store(UInt16(bits >> 16), at: index * 2)
    }
  }
}

private func notExact(_ value: Float, _ type: String, _ index: Int, _ tile: Tile) -> FormatError {
  FormatError(.notExact, "the value \(value) has no exact form in \(type)")
    .located(index: index, in: tile)
}

private func beyondF16(_ value: Float, _ index: Int, _ tile: Tile) -> FormatError {
  FormatError(.notExact, "the value \(value) has no form in F16, rounded or not")
    .located(index: index, in: tile)
}

extension FormatError {
  fileprivate func located(index: Int, in tile: Tile) -> FormatError {
    located(row: tile.rows.lowerBound + index / max(tile.columns.count, 1))
  }
}
