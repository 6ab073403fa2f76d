#if canImport(CryptoKit)
  import CryptoKit
#else
  import Crypto
#endif

/// A SHA-256 digest.
public struct Digest: Sendable, Hashable {
  /// How many bytes a digest has.
  static let byteCount = 32

  /// The bytes, eight in each word: millions of digests are made, and an array is an allocation.
  /// Not a vector of words either, whose alignment not every place of the runtime heeds.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest's bytes.
  public var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.byteCount)
    bytes.withMutableBytes { store(in: &$0, at: 0) }
    return bytes
  }

  /// The digest of bytes.
  init(of bytes: [UInt8]) {
    self = bytes.withBytes { Digest(of: $0) }
  }

  /// The digest of bytes.
  init(of bytes: RawSpan) {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    self.init(hash)
  }

  /// The digest of all bytes of a source, read in pieces.
  ///
  /// - Throws: also what `beforeEachPiece` throws.
  init(
    of source: any ByteSource, pieceByteCount: Int,
    beforeEachPiece: () throws(FormatError) -> Void
  ) throws(FormatError) {
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: pieceByteCount)
    var end = 0
    while true {
      try beforeEachPiece()
      let count = try piece.withMutableBytes { (span) throws(FormatError) in
        try source.read(at: end, into: &span)
      }
      guard count > 0 else { break }
      piece.withBytes { bytes in
        unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
      }
      end += count
    }
    self.init(hash)
  }

  private init(_ hash: SHA256) {
    let digest = hash.finalize()
    words = unsafe digest.withUnsafeBytes { bytes in
      unsafe (
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
      )
    }
  }

  /// By all bytes.
  public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

  /// Digests are as good as random: one word tells them apart.
  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

  /// Puts the bytes into a span.
  @inline(__always)
  func store(in target: inout MutableRawSpan, at offset: Int) {
    target.storeBytes(of: words, toByteOffset: offset, as: (UInt64, UInt64, UInt64, UInt64).self)
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
