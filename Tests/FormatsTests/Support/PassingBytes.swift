import Synchronization

@testable import Formats

/// Bytes that are handed out once, in order; whoever asks for others gets an error.
final class PassingBytes: ByteSource {
  let name: String
  var byteCount: Int? { nil }
  var access: ByteAccess { .once }
  private let bytes: [UInt8]
  private let position = Mutex(0)

  init(_ bytes: some Sequence<UInt8>, name: String = "<stream>") {
    self.bytes = Array(bytes)
    self.name = name
  }

  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
    let count = min(destination.byteCount, max(bytes.count - offset, 0))
    let isNext = position.withLock { position in
      defer { position += count }
      return position == offset
    }
    guard isNext else { throw FormatError(.io, "asked for bytes that are not next", at: offset) }
    bytes.withBytes { destination.copy($0, from: offset, count: count, to: 0) }
    return count
  }
}

extension Model {
  /// A model that comes as a stream.
  init(passing bytes: some Sequence<UInt8>, configDirectory: String? = nil) throws {
    try self.init(
      reading: StreamSource(PassingBytes(bytes)), configDirectory: configDirectory)
  }

  /// Reads all files that go by to their ends.
  func checkEnds() throws(FormatError) {
    for file in try passingFiles().values { try file.finish() }
  }
}
