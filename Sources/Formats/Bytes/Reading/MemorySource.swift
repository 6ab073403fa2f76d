/// Bytes in memory, for tests and for headers that were composed rather than read.
public struct MemorySource: ByteSource {
  /// What messages call it.
  public let name: String
  private let bytes: [UInt8]

  /// Makes a source of these bytes.
  public init(_ bytes: [UInt8], name: String = "memory") {
    self.bytes = bytes
    self.name = name
  }

  /// How many bytes there are.
  public var byteCount: Int? { bytes.count }

  /// Copies bytes; see ``ByteSource/read(at:into:)``.
  public func read(
    at offset: Int, into destination: inout MutableRawSpan
  ) throws(FormatError) -> Int {
    guard offset >= 0, offset < bytes.count else { return 0 }
    let count = min(destination.byteCount, bytes.count - offset)
    bytes.withBytes { destination.copy($0, from: offset, count: count, to: 0) }
    return count
  }
}
