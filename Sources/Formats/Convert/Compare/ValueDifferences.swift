/// What differs between two tensors of one shape.
public struct ValueDifferences: Sendable, Hashable {
  /// Weights that are not the same.
  public private(set) var weightCount = 0
  /// Weights of unlike sign, and groups of 128 of unlike magnitude; `nil` where one of the tensors
  /// is not 1-bit.
  public private(set) var oneBit: OneBit?
  /// The largest difference between two weights; infinite where one of them is no number.
  public private(set) var largestError: Float = 0

  /// What differs between two 1-bit tensors.
  public struct OneBit: Sendable, Hashable {
    /// Weights of unlike sign, where neither is zero.
    public fileprivate(set) var flippedSignCount = 0
    /// Groups of 128 of unlike magnitude.
    public fileprivate(set) var differingScaleCount = 0
  }

  init() {}

  /// Compares Q1_0 blocks.
  init(blocks left: [UInt8], _ right: [UInt8]) {
    var found = OneBit()
    left.withBytes { left in
      right.withBytes { right in
        for start in stride(from: 0, to: left.byteCount, by: Q1_0.blockByteCount) {
          add(block: start, left, right, &found)
        }
      }
    }
    oneBit = found
  }

  private mutating func add(
    block start: Int, _ left: RawSpan, _ right: RawSpan, _ found: inout OneBit
  ) {
    let scales = (left.load(start, as: UInt16.self), right.load(start, as: UInt16.self))
    // A negative scale turns the signs over.
    let turned: UInt64 = (scales.0 ^ scales.1) & 0x8000 == 0 ? 0 : .max
    var flipped = 0
    for half in [start + 2, start + 10] {
      let signs = left.load(half, as: UInt64.self) ^ right.load(half, as: UInt64.self) ^ turned
      flipped += signs.nonzeroBitCount
    }
    let magnitudes = (scales.0 & 0x7FFF, scales.1 & 0x7FFF)
    // Zero has no sign.
    if magnitudes.0 == 0 || magnitudes.1 == 0 { flipped = 0 }
    let values = (
      Float(bitPattern: HalfPrecision.widen(magnitudes.0)),
      Float(bitPattern: HalfPrecision.widen(magnitudes.1))
    )
    found.flippedSignCount += flipped
    if magnitudes.0 != magnitudes.1 { found.differingScaleCount += 1 }
    weightCount += magnitudes.0 == magnitudes.1 ? flipped : Q1_0.blockSize
    let error = flipped > 0 ? values.0 + values.1 : abs(values.0 - values.1)
    largestError = max(largestError, error)
  }

  /// Compares values in F32, by their bits.
  init(values left: [UInt8], _ right: [UInt8]) {
    left.withBytes { left in
      right.withBytes { right in
        for start in stride(from: 0, to: left.byteCount, by: 4) {
          let bits = (left.load(start, as: UInt32.self), right.load(start, as: UInt32.self))
          guard bits.0 != bits.1 else { continue }
          weightCount += 1
          let error = abs(Float(bitPattern: bits.0) - Float(bitPattern: bits.1))
          largestError = max(largestError, error.isNaN ? .infinity : error)
        }
      }
    }
  }

  /// Adds what was found in another tile.
  mutating func add(_ other: ValueDifferences) {
    weightCount += other.weightCount
    largestError = max(largestError, other.largestError)
    guard let theirs = other.oneBit else { return }
    var own = oneBit ?? OneBit()
    own.flippedSignCount += theirs.flippedSignCount
    own.differingScaleCount += theirs.differingScaleCount
    oneBit = own
  }
}
