/// A safetensors file whose header has been read and found consistent; Specs/safetensors.md.
///
/// Nothing but the header is read. Tensors may begin at any byte: some writers do not pad.
public struct SafetensorsFile: Sendable {
  /// Where the bytes are.
  public let source: any ByteSource
  /// The tensors, in the order of their data; ranges count from the start of the file.
  public let tensors: [TensorInfo]
  /// The `__metadata__`; empty where there is none.
  public let metadata: SafetensorsMetadata
  /// Bytes of the header's JSON text, padding included.
  public let headerByteCount: Int
  /// Where the data begins, counted from the start of the file.
  public var dataOffset: Int { 8 + headerByteCount }

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - source: What is read.
  ///   - limits: What is believed.
  /// - Throws: ``FormatError``, whenever anything is not as Specs/safetensors.md §2 to §4 say; where
  ///   the source does not know its length, missing or surplus data is not noticed here.
  public init(_ source: any ByteSource, limits: Limits = .standard) throws(FormatError) {
    var findings = Findings.strict
    try self.init(source, limits: limits, &findings)
  }

  /// The same with findings that may collect: then the file is what could be read of it.
  init(
    _ source: any ByteSource, limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    let first = findings.all.count
    defer { findings.locate(from: first, source.name) }
    let header: SafetensorsHeader
    do throws(FormatError) {
      headerByteCount = try Self.headerByteCount(source, limits)
      let dataOffset = 8 + headerByteCount
      header = try SafetensorsHeader(
        parsing: source.bytes(8..<dataOffset), name: source.name, limits: limits, &findings)
      tensors = try header.tensors(
        dataOffset: dataOffset, dataByteCount: source.byteCount.map { $0 - dataOffset }, &findings)
    } catch {
      let located = error.located(file: source.name)
      throw error.code == .malformed ? findings.ending(.safetensorsHeader, located) : located
    }
    self.source = source
    metadata = header.metadata
  }

  /// The number in the first eight bytes, which the file can hold; Specs/safetensors.md §1.
  private static func headerByteCount(
    _ source: any ByteSource, _ limits: Limits
  ) throws(FormatError) -> Int {
    var cursor = HeaderCursor(source, windowByteCount: 8)
    let count = try cursor.integer(UInt64.self, "the length of the header")
    return try locating(file: source.name) { () throws(FormatError) in
      guard count >= 2 else {
        throw FormatError(
          .malformed, "needed a header of at least 2 bytes, '{}', found one of \(count)", at: 0)
      }
      try cursor.need(count, "the header")
      guard let count = Int(exactly: count), count <= limits[.safetensorsHeader] else {
        throw limits.exceeded(
          "the header has \(count) bytes", .safetensorsHeader, value: Int(clamping: count), at: 0)
      }
      return count
    }
  }
}
