/// Bytes that can be read from any offset: a file, memory.
///
/// Reading keeps no position, so one source serves many tasks at once.
public protocol ByteSource: Sendable {
  /// What messages call it; a path, where it has one.
  var name: String { get }

  /// How many bytes there are, or `nil` where only reading to the end will tell.
  var byteCount: Int? { get }

  /// Reads from `offset` until `destination` is full or the bytes end.
  ///
  /// - Returns: The number of bytes read; fewer than asked for only at the end.
  /// - Throws: ``FormatError`` with code `io`.
  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int

  /// In what order the bytes can be read; any, unless a source says otherwise.
  var access: ByteAccess { get }

  /// Throws when what the bytes are read from is known to have changed since it was opened.
  func checkUnchanged() throws(FormatError)

  /// Gives back what is held between reads, where the next read can get it again.
  func rest()
}

extension ByteSource {
  /// Any order.
  public var access: ByteAccess { .direct }

  /// Does nothing: only files change.
  public func checkUnchanged() throws(FormatError) {}

  /// Does nothing: files hold nothing.
  public func rest() {}

  /// The first bytes, fewer where there are not so many.
  func prefix(_ count: Int) throws(FormatError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withMutableBytes { (span) throws(FormatError) in
      try read(at: 0, into: &span)
    }
    return Array(bytes[..<found])
  }

  /// Fills `destination` from `offset`, or throws `truncated` with the numbers needed and found.
  func readAll(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) {
    let wanted = destination.byteCount
    let count = try read(at: offset, into: &destination)
    guard count == wanted else { throw endsEarly(count, of: offset..<offset + wanted) }
  }

  /// The bytes of a range, in memory.
  ///
  /// - Parameter range: A range whose length has been checked against a limit or against
  ///   ``byteCount``: this much is allocated, at once where the bytes are known to be there.
  func bytes(_ range: Range<Int>) throws(FormatError) -> [UInt8] {
    guard byteCount != nil || range.count <= firstPieceByteCount else {
      return try bytesAsTheyCome(range)
    }
    var result = [UInt8](repeating: 0, count: range.count)
    try result.withMutableBytes { (span) throws(FormatError) in
      try readAll(at: range.lowerBound, into: &span)
    }
    return result
  }

  /// The bytes of a range of what may end before: no more is allocated than twice what came.
  private func bytesAsTheyCome(_ range: Range<Int>) throws(FormatError) -> [UInt8] {
    var result: [UInt8] = []
    while result.count < range.count {
      let start = range.lowerBound + result.count
      var piece = [UInt8](
        repeating: 0, count: min(max(result.count, firstPieceByteCount), range.upperBound - start))
      let found = try piece.withMutableBytes { (span) throws(FormatError) in
        try read(at: start, into: &span)
      }
      result += piece[..<found]
      guard found == piece.count else { throw endsEarly(result.count, of: range) }
    }
    return result
  }

  private func endsEarly(_ found: Int, of range: Range<Int>) -> FormatError {
    FormatError(
      .truncated, "needed \(range.count) bytes, the file ends after \(found) of them",
      at: range.lowerBound
    ).located(file: name)
  }

  /// Makes `buffer` the bytes of a range; as ``bytes(_:)`` does, with memory that is there.
  func read(_ range: Range<Int>, into buffer: inout [UInt8]) throws(FormatError) {
    buffer.resize(to: range.count)
    try buffer.withMutableBytes { (span) throws(FormatError) in
      try readAll(at: range.lowerBound, into: &span)
    }
  }
}

/// How much is allocated first where the source may end early.
private let firstPieceByteCount = 64 << 10
