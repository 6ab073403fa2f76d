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
}
