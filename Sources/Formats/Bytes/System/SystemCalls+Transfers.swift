#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemCalls {
  /// Reads once; 0 means the end.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int, path: String
  ) throws(FormatError) -> Int {
    try transfer(.pread, "read it", path, buffer.count, at: offset) { count in
      unsafe pread(descriptor, buffer.baseAddress, count, off_t(offset))
    }
  }

  /// Reads once from a descriptor that has a position: a pipe, a terminal; 0 means the end, `nil` that
  /// there is nothing yet.
  package static func take(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String
  ) throws(FormatError) -> Int? {
    try nothingYetIsNil { () throws(FormatError) in
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

  /// Whether there is something to read, the end included, before the time is over.
  package static func hasInput(
    _ descriptor: Int32, path: String, within milliseconds: Int32
  ) throws(FormatError) -> Bool {
    try wait(descriptor, for: POLLIN, path, milliseconds)
  }

  /// Writes once; may write less than it was given.
  package static func write(
    _ descriptor: Int32, from buffer: UnsafeRawBufferPointer, at offset: Int, path: String
  ) throws(FormatError) -> Int {
    let count = try transfer(.pwrite, "write it", path, buffer.count, at: offset) { count in
      unsafe pwrite(descriptor, buffer.baseAddress, count, off_t(offset))
    }
    guard unsafe count > 0 || buffer.isEmpty else {
      throw nothingWritten(path).located(offset: offset)
    }
    return count
  }

  /// Writes all of the bytes to a descriptor that has a position.
  package static func appendAll(
    _ descriptor: Int32, _ bytes: [UInt8], path: String
  ) throws(FormatError) {
    try bytes.withBytes { (span) throws(FormatError) in
      try appendAll(descriptor, span, path: path)
    }
  }

  static func appendAll(
    _ descriptor: Int32, _ bytes: RawSpan, path: String
  ) throws(FormatError) {
    try unsafe bytes.withUnsafeBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < buffer.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        done += try unsafe append(descriptor, from: rest, path: path)
      }
    }
  }

  /// Writes to a descriptor that has a position: a terminal, a pipe. May write less than given.
  ///
  /// Waits where another program has made the pipe one that does not wait by itself.
  private static func append(
    _ descriptor: Int32, from buffer: UnsafeRawBufferPointer, path: String
  ) throws(FormatError) -> Int {
    let written = try nothingYetIsNil { () throws(FormatError) in
      try transfer(.write, "write it", path, buffer.count, at: nil) { count in
        #if canImport(Glibc)
          unsafe Glibc.write(descriptor, buffer.baseAddress, count)
        #elseif canImport(Musl)
          unsafe Musl.write(descriptor, buffer.baseAddress, count)
        #else
          unsafe Darwin.write(descriptor, buffer.baseAddress, count)
        #endif
      }
    }
    if let written {
      guard written > 0 else { throw nothingWritten(path) }
      return written
    }
    guard !Task.isCancelled else { throw FormatError(.cancelled, "cancelled") }
    _ = try wait(descriptor, for: POLLOUT, path, 100)
    return 0
  }

  private static func wait(
    _ descriptor: Int32, for event: Int32, _ path: String, _ milliseconds: Int32
  ) throws(FormatError) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return try call(.poll, "wait for it", path) { unsafe poll(&request, 1, milliseconds) } > 0
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
  private static func nothingWritten(_ path: String) -> FormatError {
    FormatError(.io, "cannot write it: the system took no byte, and gave no reason", errno: EIO)
      .located(file: path)
  }
}
