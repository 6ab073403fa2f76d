/// A run of bytes of another source, held in memory under its own offsets.
struct WindowSource: ByteSource {
  let name: String
  /// Where the run begins.
  let start: Int
  let bytes: [UInt8]

  var byteCount: Int? { start + bytes.count }

  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
    guard offset >= start, offset - start < bytes.count else { return 0 }
    let count = min(destination.byteCount, bytes.count - (offset - start))
    bytes.withBytes { destination.copy($0, from: offset - start, count: count, to: 0) }
    return count
  }
}
