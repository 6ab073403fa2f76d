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

  /// Fills `destination`, whatever the offset.
  ///
  /// - Throws: `io`, and `cancelled`: whoever fills the pipe may take his time.
  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
    try unsafe destination.withUnsafeMutableBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < buffer.count {
        guard !Task.isCancelled else { throw FormatError(.cancelled, "cancelled") }
        guard try SystemCalls.hasInput(descriptor, path: name, within: 100) else {
          continue
        }
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let count = try unsafe SystemCalls.take(descriptor, into: rest, path: name)
        if count == 0 { break }
        done += count
      }
      return done
    }
  }
}

extension StreamSource {
  /// What standard input holds, decompressed where it is compressed: a file where it is one of which
  /// nothing has been read, otherwise a stream.
  public static func standardInput() throws(FormatError) -> any ByteSource {
    let name = "<standard input>"
    let status = try SystemCalls.status(0, path: name)
    guard !status.isRegular || SystemCalls.position(0) != 0 else {
      return try opening(FileSource(duplicating: 0, name: name))
    }
    return try opening(PipeSource(name: name, descriptor: 0))
  }

  /// The content of a source as it can be read: in any order only where it has a length.
  static func opening(_ source: any ByteSource) throws(FormatError) -> any ByteSource {
    let isStream = source.byteCount == nil
    let whole: any ByteSource = isStream ? StreamSource(source) : source
    var magic = [UInt8](repeating: 0, count: ZstdSource.magic.count)
    _ = try magic.withMutableBytes { (span) throws(FormatError) in
      try whole.read(at: 0, into: &span)
    }
    guard magic == ZstdSource.magic else { return whole }
    (whole as? StreamSource)?.keepNoMore()
    return StreamSource(try ZstdSource(whole))
  }
}
