#if canImport(CryptoKit)
  import CryptoKit
#else
  import Crypto
#endif

/// A SHA-256 digest.
public struct Digest: Sendable, Hashable {
  /// How many bytes a digest has.
  static let byteCount = 32

  /// The digest's bytes.
  public let bytes: [UInt8]

  /// The digest of bytes.
  init(of bytes: [UInt8]) {
    self = bytes.withBytes { Digest(of: $0) }
  }

  /// The digest of bytes.
  init(of bytes: RawSpan) {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    self.bytes = Array(hash.finalize())
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
