/// A file beside the weights of a repository: a name, and a way to write it piece by piece.
public struct RepositoryFile: Sendable {
  /// Takes the next piece of a file.
  public typealias Sink = ([UInt8]) throws(FormatError) -> Void

  /// The name within the repository.
  public let name: String
  private let content: @Sendable (Sink) throws(FormatError) -> Void

  /// Makes a file that is written by `content`.
  init(_ name: String, _ content: @escaping @Sendable (Sink) throws(FormatError) -> Void) {
    self.name = name
    self.content = content
  }

  /// Makes a file of a small document, in the manner of Hugging Face's libraries.
  init(_ name: String, _ json: JSONValue) {
    self.init(name) { (sink) throws(FormatError) in
      try sink(json.serialized(indent: 2) + [UInt8(ascii: "\n")])
    }
  }

  /// The most that is handed over at once: between pieces there is a look whether to go on.
  private static let pieceByteCount = 1 << 20

  /// Writes the file.
  ///
  /// - Parameter sink: Takes pieces of at most a megabyte, in order.
  /// - Throws: What `sink` throws; `cancelled`.
  public func write(to sink: Sink) throws(FormatError) {
    try content { (piece) throws(FormatError) in
      for start in stride(from: 0, to: piece.count, by: Self.pieceByteCount) {
        try Cancellation.check()
        let end = min(piece.count, start + Self.pieceByteCount)
        try sink(piece.count <= Self.pieceByteCount ? piece : Array(piece[start..<end]))
      }
    }
  }

  /// The whole file, in memory.
  public func bytes() throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = []
    try write { (piece) throws(FormatError) in bytes += piece }
    return bytes
  }
}

extension JSONWriter {
  /// How much gathers before it is handed over.
  private static let pieceByteCount = 1 << 16

  /// Hands over what has gathered, where that is enough for a piece.
  mutating func flush(to sink: RepositoryFile.Sink) throws(FormatError) {
    if byteCount >= Self.pieceByteCount { try sink(drain()) }
  }
}

extension RepositoryFile {
  /// A file whose bytes are copied as they are.
  init(copying source: any ByteSource, as name: String) {
    self.init(name) { (sink) throws(FormatError) in
      var offset = 0
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try piece.withMutableBytes { (span) throws(FormatError) in
          try source.read(at: offset, into: &span)
        }
        guard count > 0 else { return try source.checkUnchanged() }
        try sink(Array(piece.prefix(count)))
        offset += count
      }
    }
  }
}
