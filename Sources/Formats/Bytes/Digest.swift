#if canImport(CryptoKit)
  import CryptoKit
#else
  import Crypto
#endif

/// A SHA-256 digest.
public struct Digest: Sendable, Hashable {
  /// How many bytes a digest has.
  static let byteCount = 32

  /// The bytes in four words, for millions of digests are made and an array is an allocation each.
  private let words: SIMD4<UInt64>

  /// The digest's bytes.
  public var bytes: [UInt8] {
    (0..<Self.byteCount).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64($0 % 8 * 8)) }
  }

  /// The digest of bytes.
  init(of bytes: [UInt8]) {
    self = bytes.withBytes { Digest(of: $0) }
  }

  /// The digest of bytes.
  init(of bytes: RawSpan) {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    words = unsafe hash.finalize().withUnsafeBytes { digest in
      unsafe digest.loadUnaligned(as: SIMD4<UInt64>.self)
    }
  }

  /// Puts the bytes into a span.
  @inline(__always)
  func store(in target: inout MutableRawSpan, at offset: Int) {
    target.storeVector(words, at: offset)
  }

  /// The digest in hexadecimal, 64 digits in lower case.
  public var hex: String {
    let digits = Array("0123456789abcdef".unicodeScalars)
    var text = String.UnicodeScalarView()
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(text)
  }
}
