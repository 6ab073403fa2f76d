import Formats
import Synchronization

/// Text on its way to a stream, gathered and written in large pieces.
final class OutputStream: Sendable {
  private let descriptor: Int32
  let name: String
  private let buffer = Mutex<[UInt8]>([])

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Adds a line.
  func write(line: String) throws(FormatError) {
    try gather {
      $0.append(contentsOf: line.utf8)
      $0.append(UInt8(ascii: "\n"))
    }
  }

  /// Adds bytes.
  func write(_ bytes: [UInt8]) throws(FormatError) {
    try gather { $0 += bytes }
  }

  private func gather(_ append: (inout [UInt8]) -> Void) throws(FormatError) {
    let isFull = buffer.withLock {
      append(&$0)
      return $0.count >= 1 << 16
    }
    if isFull { try flush() }
  }

  /// Writes what has gathered.
  func flush() throws(FormatError) {
    let bytes = buffer.withLock {
      let bytes = $0
      $0.removeAll(keepingCapacity: true)
      return bytes
    }
    // The work is done, and its task with it: a signal ends the waiting for a reader.
    try SystemCalls.appendAll(descriptor, bytes, path: name) { Interruption.signal != nil }
  }

  /// Writes a line at once; where nobody listens, nothing can be done about it.
  func say(_ line: String) {
    try? write(line: line)
    try? flush()
  }
}

extension OutputStream {
  /// Adds a JSON document; a file's control characters are escaped.
  func write(document: JSONValue) throws(FormatError) {
    var writer = JSONWriter(indent: 2, escapesControls: true)
    writer.write(document)
    writer.raw("\n")
    try write(writer.bytes)
  }
}
