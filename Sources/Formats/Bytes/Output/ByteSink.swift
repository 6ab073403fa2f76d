/// Takes the bytes of a file, each run of them with its place, from many tasks at once.
protocol ByteSink: Sendable {
  /// Takes bytes that belong at an offset of the file.
  func write(_ bytes: RawSpan, at offset: Int) throws(FormatError)
}

extension ByteSink {
  func write(_ bytes: [UInt8], at offset: Int) throws(FormatError) {
    try bytes.withBytes { (span) throws(FormatError) in try write(span, at: offset) }
  }
}
