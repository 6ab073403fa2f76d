#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open descriptor that knows no offsets: a pipe, a terminal, a socket. Each read takes what comes
/// next.
struct PipeSource: ByteSource {
  let name: String
  let descriptor: Int32
  var byteCount: Int? { nil }
  var access: ByteAccess { .once }

  /// Fills `destination`, whatever the offset.
  ///
  /// - Throws: `io`, and `cancelled`: whoever fills the pipe may take his time.
  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
    try unsafe destination.withUnsafeMutableBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < buffer.count {
        try Cancellation.check()
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        guard let count = try unsafe SystemCalls.take(descriptor, into: rest, path: name) else {
          continue
        }
        if count == 0 { break }
        done += count
      }
      return done
    }
  }
}

extension StreamSource {
  /// What messages call standard input.
  static let standardInputName = "<standard input>"
  /// Where a file is found that standard input is.
  static let standardInputPath = "/dev/stdin"

  /// What standard input holds, decompressed where it is compressed: a file where it is one of which
  /// nothing has been read, otherwise a stream.
  public static func standardInput(
    limits: Limits = .standard
  ) throws(FormatError) -> any ByteSource {
    let name = standardInputName
    let status = try SystemCalls.status(0, path: name)
    let position = status.isRegular ? try SystemCalls.position(0, path: name) : nil
    guard position != 0 else {
      return try opening(FileSource(duplicating: 0, name: name), limits)
    }
    return try opening(PipeSource(name: name, descriptor: 0), limits)
  }

  /// The content of a source: in any order where that is possible, otherwise a stream.
  static func opening(
    _ source: any ByteSource, _ limits: Limits = .standard
  ) throws(FormatError) -> any ByteSource {
    guard source.access == .once else { return passing(try decompressed(source, limits), limits) }
    let stream = StreamSource(source, limits: limits)
    guard ZstdFrameHeader.begins(try stream.prefix(4)) else { return stream }
    stream.keepNoMore()
    return StreamSource(try ZstdSource(stream), limits: limits)
  }

  /// A source as it is, or as a stream where it is read front to back.
  static func passing(_ source: any ByteSource, _ limits: Limits) -> any ByteSource {
    source.access == .forward ? StreamSource(source, limits: limits) : source
  }
}
