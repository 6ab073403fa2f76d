import CShims

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Calls on descriptors that have a position: pipes, terminals, sockets.
///
/// None of them waits longer than a moment in the system: whoever reads the other end, or fills it, may
/// take his time, and a run that is told to end must hear of it.
extension SystemCalls {
  /// How long to wait before looking again whether somebody wants an end, in milliseconds.
  private static let moment: Int32 = 100

  /// Reads once; 0 means the end, `nil` that there is nothing yet.
  package static func take(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String
  ) throws(FormatError) -> Int? {
    guard try wait(descriptor, for: POLLIN, path) else { return nil }
    return try nothingYetIsNil { () throws(FormatError) in
      try transfer(.read, "read it", path, buffer.count, at: nil) { count in
        #if canImport(Glibc)
          unsafe Glibc.read(descriptor, buffer.baseAddress, count)
        #elseif canImport(Musl)
          unsafe Musl.read(descriptor, buffer.baseAddress, count)
        #else
          unsafe Darwin.read(descriptor, buffer.baseAddress, count)
        #endif
      }
    }
  }

  /// Writes all of the bytes.
  ///
  /// - Parameter isStopped: Asked whenever the other end takes nothing.
  /// - Throws: `io`; `cancelled`.
  package static func appendAll(
    _ descriptor: Int32, _ bytes: [UInt8], path: String,
    isStopped: () -> Bool = { Task.isCancelled }
  ) throws(FormatError) {
    try bytes.withBytes { (span) throws(FormatError) in
      try appendAll(descriptor, span, path: path, isStopped: isStopped)
    }
  }

  static func appendAll(
    _ descriptor: Int32, _ bytes: RawSpan, path: String,
    isStopped: () -> Bool = { Task.isCancelled }
  ) throws(FormatError) {
    guard bytes.byteCount > 0 else { return }
    // A file never keeps anybody waiting for a reader.
    let isFile = try status(descriptor, path: path).isRegular
    try unsafe bytes.withUnsafeBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < buffer.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        if let count = try unsafe append(descriptor, from: rest, path: path, isFile: isFile) {
          done += count
        } else if isStopped() {
          throw FormatError(.cancelled, "cancelled")
        } else {
          _ = try wait(descriptor, for: POLLOUT, path)
        }
      }
    }
  }

  /// Writes once, as much as can be written at once; `nil` where that is nothing.
  private static func append(
    _ descriptor: Int32, from buffer: UnsafeRawBufferPointer, path: String, isFile: Bool
  ) throws(FormatError) -> Int? {
    let written = try nothingYetIsNil { () throws(FormatError) in
      try transfer(.write, "write it", path, buffer.count, at: nil) { count in
        if isFile { return unsafe bonsai_write(descriptor, buffer.baseAddress, count) }
        return unsafe bonsai_write_at_once(descriptor, buffer.baseAddress, count)
      }
    }
    guard written != 0 else { throw nothingWritten(path) }
    return written
  }

  private static func wait(
    _ descriptor: Int32, for event: Int32, _ path: String
  ) throws(FormatError) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return try call(.poll, "wait for it", path) { unsafe poll(&request, 1, moment) } > 0
  }

  private static func nothingYetIsNil(
    _ body: () throws(FormatError) -> Int
  ) throws(FormatError) -> Int? {
    do {
      return try body()
    } catch  where error.errno == EAGAIN || error.errno == EWOULDBLOCK {
      return nil
    } catch {
      throw error
    }
  }

  /// Nobody would ever be done.
  static func nothingWritten(_ path: String) -> FormatError {
    FormatError(.io, "cannot write it: the system took no byte, and gave no reason", errno: EIO)
      .located(file: path)
  }
}
