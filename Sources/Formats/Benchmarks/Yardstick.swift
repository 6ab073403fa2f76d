/// Plain work on as many bytes, with which work on models is compared in the same run. It takes as long
/// as that, and stops as soon when it is cancelled.
enum Yardstick {
  /// Bytes that are written or read at once.
  private static let pieceByteCount = 1 << 20

  /// Writes a file and makes it durable. Not of zeros, which some disks and kernels treat in a way of
  /// their own.
  static func writing(
    _ byteCount: Int, to path: String, _ cancellation: Cancellation
  ) throws(FormatError) -> Measured {
    var piece = [UInt8](repeating: 0, count: pieceByteCount)
    let random = RandomBits(UInt64(byteCount))
    piece.withMutableBytes { span in
      for word in 0..<span.byteCount / 8 { span.store(random.bits(UInt64(word)), at: word * 8) }
    }
    let block = piece
    return try Measured { () throws(FormatError) in
      let file = try OutputFile(creating: path, byteCount: 0)
      try block.withBytes { (bytes) throws(FormatError) in
        for start in stride(from: 0, to: byteCount, by: pieceByteCount) {
          try cancellation.check()
          let count = min(pieceByteCount, byteCount - start)
          try file.writeWithoutWriteback(bytes.extracting(0..<count), at: start)
        }
      }
      try file.seal()
    }
  }

  /// Reads files to their ends.
  static func reading(
    _ paths: [String], _ cancellation: Cancellation
  ) throws(FormatError) -> Measured {
    try Measured { () throws(FormatError) in
      var piece = [UInt8](repeating: 0, count: pieceByteCount)
      for path in paths {
        let source = try FileSource(path: path)
        var end = 0
        while true {
          try cancellation.check()
          let count = try piece.withMutableBytes { (span) throws(FormatError) in
            try source.read(at: end, into: &span)
          }
          guard count > 0 else { break }
          end += count
        }
      }
    }
  }

  /// Hashes a file as a whole, with the SHA-256 that fingerprints are made of.
  static func hashing(
    _ path: String, _ cancellation: Cancellation
  ) throws(FormatError) -> Measured {
    let source = try FileSource(path: path)
    return try Measured { () throws(FormatError) in
      _ = try Digest(
        of: source, pieceByteCount: pieceByteCount, beforeEachPiece: cancellation.check)
    }
  }
}
