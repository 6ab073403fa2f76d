import Synchronization

/// A file that is there, compared with what would be written in its place.
final class ComparedFile: ByteSink {
  private let file: FileSource
  private let isOther = Atomic<Bool>(false)
  /// How much is read at once, so that comparing takes no memory worth counting.
  private static let pieceByteCount = 1 << 16

  init(_ file: FileSource) { self.file = file }

  /// Whether something was found that is not what would be written.
  var hasDifference: Bool { isOther.load(ordering: .relaxed) }

  /// Compares bytes with those that are there.
  ///
  /// - Throws: `proofFailed` where they are others, so that nobody brings any more of them.
  func write(_ bytes: RawSpan, at offset: Int) throws(FormatError) {
    var found = [UInt8](repeating: 0, count: min(bytes.byteCount, Self.pieceByteCount))
    for start in stride(from: 0, to: bytes.byteCount, by: Self.pieceByteCount) {
      let piece = bytes.extracting(start..<min(start + Self.pieceByteCount, bytes.byteCount))
      if found.count != piece.byteCount { found.resize(to: piece.byteCount) }
      let count = try found.withMutableBytes { (span) throws(FormatError) in
        try file.read(at: offset + start, into: &span)
      }
      guard count == piece.byteCount, found.withBytes({ $0.hasSameBytes(as: piece) }) else {
        throw difference(at: offset + start)
      }
    }
  }

  /// Compares bytes that nobody writes with the zeros that are there then.
  func expectZeros(_ range: Range<Int>) throws(FormatError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceByteCount) {
      let count = min(Self.pieceByteCount, range.upperBound - start)
      try write([UInt8](repeating: 0, count: count), at: start)
    }
  }

  /// Compares the length.
  func expectEnd(at byteCount: Int) throws(FormatError) {
    guard file.byteCount == byteCount else { throw difference(at: byteCount) }
  }

  private func difference(at offset: Int) -> FormatError {
    isOther.store(true, ordering: .relaxed)
    return FormatError(.proofFailed, "the file is not what would be written", at: offset)
      .located(file: file.name)
  }
}
