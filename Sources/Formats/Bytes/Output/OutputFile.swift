import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is being written, by offset, from many tasks at once.
package final class OutputFile: ByteSink {
  package let path: String
  private let descriptor: Int32
  private let isClosed = Atomic<Bool>(false)

  /// Creates a file that must not exist, with its blocks reserved where the system can.
  ///
  /// - Parameters:
  ///   - path: Where.
  ///   - byteCount: The length that the file will have, known before its first byte.
  package convenience init(creating path: String, byteCount: Int) throws(FormatError) {
    try self.init(
      SystemCalls.open(path, O_RDWR | O_CREAT | O_EXCL), path: path, byteCount: byteCount)
  }

  /// Takes over an open descriptor of an empty file.
  package init(_ descriptor: Int32, path: String, byteCount: Int) throws(FormatError) {
    // Before there is anything to deinitialize, which would close it once more.
    do throws(FormatError) {
      try SystemCalls.setLength(descriptor, to: byteCount, path: path)
      try SystemCalls.reserve(descriptor, byteCount, path: path)
    } catch {
      try? SystemCalls.close(descriptor, path: path)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    if !isClosed.load(ordering: .relaxed) { try? SystemCalls.close(descriptor, path: path) }
  }

  /// Writes bytes at an offset of the file, and lets the disk begin with them where they are many, so
  /// that the final sync finds little to do.
  func write(_ bytes: RawSpan, at offset: Int) throws(FormatError) {
    try writeWithoutWriteback(bytes, at: offset)
    guard bytes.byteCount >= Self.writebackByteCount else { return }
    SystemCalls.startWriteback(descriptor, at: offset, count: bytes.byteCount, path: path)
  }

  /// Writes bytes at an offset of the file.
  func writeWithoutWriteback(_ bytes: RawSpan, at offset: Int) throws(FormatError) {
    let count = bytes.byteCount
    try unsafe bytes.withUnsafeBytes { (buffer) throws(FormatError) in
      var done = 0
      while done < count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        done += try unsafe SystemCalls.write(
          descriptor, from: rest, at: offset + done, path: path)
      }
    }
  }

  /// From here on it is worth a call.
  private static let writebackByteCount = 1 << 16

  /// Makes the contents durable and closes the file.
  package func seal() throws(FormatError) {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    do throws(FormatError) {
      try SystemCalls.synchronize(descriptor, path: path)
    } catch {
      try? SystemCalls.close(descriptor, path: path)
      throw error
    }
    try SystemCalls.close(descriptor, path: path)
  }
}
