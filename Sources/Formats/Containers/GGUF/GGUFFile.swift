/// A GGUF file of version 2 or 3, either byte order, opened: its whole header was read and checked,
/// no tensor data was; Specs/gguf.md.
public struct GGUFFile: Sendable {
  /// What holds the bytes.
  public let source: any ByteSource
  /// 2 or 3.
  public let version: UInt32
  /// Whether everything after the magic, tensor data included, has the most significant byte first.
  public let isBigEndian: Bool
  /// What tensor data is aligned to: `general.alignment`, or 32 bytes where it is absent.
  public let alignment: Int
  /// Keys and values, in the order of the file.
  public let metadata: GGUFMetadata
  /// The tensors, in the order of the header. Their data may lie in another order.
  public let tensors: [GGUFTensor]
  /// Where the tensor data begins. Beyond the end of a file that has no tensors and no padding.
  public let dataOffset: Int
  /// The bytes of the header, without the padding that follows it.
  public let headerByteCount: Int

  /// Reads and checks a header.
  ///
  /// - Parameters:
  ///   - source: What is read.
  ///   - limits: What is believed.
  /// - Throws: `truncated` when the file ends before what the header promises, tensors included;
  ///   `malformed`, `unsupported` and `limit` as Specs/gguf.md §11 lists them; `io`.
  public init(_ source: any ByteSource, limits: Limits = .standard) throws(FormatError) {
    var findings = Findings.strict
    try self.init(source, limits: limits, &findings)
  }

  /// The same with findings that may collect: then the file is what could be read of it.
  init(
    _ source: any ByteSource, limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    let first = findings.all.count
    var reader = GGUFHeaderReader(source, limits: limits, findings)
    defer { findings.locate(from: first, source.name) }
    do throws(FormatError) {
      self = try GGUFFile(&reader)
    } catch {
      findings = reader.findings
      throw error.located(file: source.name)
    }
    findings = reader.findings
  }

  private init(_ reader: inout GGUFHeaderReader) throws(FormatError) {
    source = reader.source
    version = try reader.version()
    let tensorCount = try reader.count(
      "tensors", minimum: GGUFHeaderReader.minimumTensorInfoByteCount, .ggufTensors)
    let keyCount = try reader.count(
      // Length of the key, type, and a value of one byte.
      "metadata keys", minimum: 13, .ggufKeys)
    metadata = try reader.metadata(count: keyCount)
    alignment = try metadata.alignment(reader.limits, &reader.findings)
    let records = try reader.tensorRecords(count: tensorCount, alignment: alignment)
    try reader.checkRoom(for: 0, "the header")
    isBigEndian = reader.cursor.isBigEndian
    headerByteCount = reader.cursor.offset
    dataOffset = try headerByteCount.aligned(to: alignment, "the start of the data")
    tensors = try GGUFTensorLayout.tensors(
      records, dataOffset: dataOffset, alignment: alignment, fileByteCount: source.byteCount,
      &reader.findings)
  }
}

extension GGUFMetadata {
  /// The key that says what tensor data is aligned to.
  static let alignmentKey = "general.alignment"

  /// The same; what cannot be is reported, and taken for 32.
  fileprivate func alignment(
    _ limits: Limits, _ findings: inout Findings
  ) throws(FormatError) -> Int {
    do throws(FormatError) {
      return try alignment(limits)
    } catch {
      try findings.report(error.code == .limit ? .beyondLimits : .ggufAlignment, error)
      return 32
    }
  }

  /// What tensor data is aligned to; Specs/gguf.md §5.
  func alignment(_ limits: Limits = .standard) throws(FormatError) -> Int {
    guard let value = self[Self.alignmentKey] else { return 32 }
    guard case .uint32(let number) = value else {
      throw FormatError(
        .malformed,
        "'\(Self.alignmentKey)' must be a 32-bit unsigned integer, is \(value.shown)")
    }
    guard number.nonzeroBitCount == 1 else {
      throw FormatError(.malformed, "'\(Self.alignmentKey)' is \(number), needed a power of two")
    }
    guard Int(number) <= limits[.ggufAlignment] else {
      throw limits.exceeded(
        "'\(Self.alignmentKey)' is \(number)", .ggufAlignment, value: Int(number))
    }
    return Int(number)
  }
}
