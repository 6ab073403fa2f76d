/// The hash of which zstd's checksums are the low half: XXH64 with seed 0, after Yann Collet's
/// description of the algorithm.
enum XXHash64 {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  static func hash(_ bytes: [UInt8]) -> UInt64 { bytes.withBytes(hash) }

  private static func hash(_ bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    var hash = primes.4
    var place = 0
    if count >= 32 {
      var lanes = SIMD4(primes.0 &+ primes.1, primes.1, 0, 0 &- primes.0)
      while place + 32 <= count {
        let input = bytes.loadVector(place, as: SIMD4<UInt64>.self)
        lanes = rotated(lanes &+ input &* primes.1, by: 31) &* primes.0
        place += 32
      }
      hash = merged(lanes)
    }
    hash &+= UInt64(count)
    while place + 8 <= count {
      hash ^= round(0, bytes.load(place, as: UInt64.self))
      hash = rotated(hash, by: 27) &* primes.0 &+ primes.3
      place += 8
    }
    if place + 4 <= count {
      hash ^= UInt64(bytes.load(place, as: UInt32.self)) &* primes.0
      hash = rotated(hash, by: 23) &* primes.1 &+ primes.2
      place += 4
    }
    while place < count {
      hash ^= UInt64(bytes.byte(at: place)) &* primes.4
      hash = rotated(hash, by: 11) &* primes.0
      place += 1
    }
    return avalanche(hash)
  }

  private static func merged(_ lanes: SIMD4<UInt64>) -> UInt64 {
    var hash: UInt64 = 0
    for (lane, bits) in [(lanes.x, 1), (lanes.y, 7), (lanes.z, 12), (lanes.w, 18)] {
      hash &+= rotated(lane, by: UInt64(bits))
    }
    for lane in [lanes.x, lanes.y, lanes.z, lanes.w] {
      hash = (hash ^ round(0, lane)) &* primes.0 &+ primes.3
    }
    return hash
  }

  private static func avalanche(_ value: UInt64) -> UInt64 {
    var hash = (value ^ value >> 33) &* primes.1
    hash = (hash ^ hash >> 29) &* primes.2
    return hash ^ hash >> 32
  }

  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotated(lane &+ input &* primes.1, by: 31) &* primes.0
  }

  private static func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
    value &<< bits | value &>> (64 &- bits)
  }

  private static func rotated(_ value: SIMD4<UInt64>, by bits: UInt64) -> SIMD4<UInt64> {
    value &<< bits | value &>> (64 &- bits)
  }
}
