/// Text as a file holds it: compared and hashed by its bytes.
///
/// Swift compares `String` by canonical equivalence, in which two names that differ in bytes can be
/// one; files may hold both. The bytes are not necessarily UTF-8.
public struct ByteString: Sendable, Hashable {
  /// The bytes as they stand in the file.
  public let bytes: [UInt8]

  /// Makes a byte string.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Makes a byte string of a text's UTF-8.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// Feeds the bytes to the hasher at once; an array would feed them one by one, ten times slower.
  public func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    hasher.combine(bytes.count)
  }

  /// The text, or `nil` where the bytes are not UTF-8.
  public var text: String? {
    guard let text = try? UTF8Span(validating: bytes.span) else { return nil }
    return String(copying: text)
  }

  /// The text for people, with replacement characters where the bytes are not UTF-8.
  public var repairedText: String { String(decoding: bytes, as: UTF8.self) }
}
