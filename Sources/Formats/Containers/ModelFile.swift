/// A file that holds tensors, known by its first bytes.
enum ModelFile {
  case gguf(GGUFFile)
  case safetensors(SafetensorsFile)

  /// Reads a header; of a split model just that of this file.
  init(_ source: any ByteSource, _ limits: Limits) throws(FormatError) {
    if try Self.isGGUF(source) {
      self = .gguf(try GGUFFile(source, limits: limits))
    } else {
      try Self.checkIsSafetensors(source)
      self = .safetensors(try SafetensorsFile(source, limits: limits))
    }
  }

  static func isGGUF(_ source: any ByteSource) throws(FormatError) -> Bool {
    try source.prefix(4) == Array("GGUF".utf8)
  }

  /// Tells a file that is something else from a safetensors file that is broken.
  static func checkIsSafetensors(_ source: any ByteSource) throws(FormatError) {
    var findings = Findings.strict
    try checkIsSafetensors(source, &findings)
  }

  static func checkIsSafetensors(
    _ source: any ByteSource, _ findings: inout Findings
  ) throws(FormatError) {
    let bytes = try source.prefix(9)
    let isTooShort = bytes.count < 8
    let ninth = bytes.count > 8 ? bytes[8] : 0
    guard isTooShort || (ninth != UInt8(ascii: "{") && bytes[7] != 0) else { return }
    if try isPointer(source) {
      let error = FormatError(
        .malformed,
        "the file is a pointer of Git LFS, and not what it stands for: 'git lfs pull' gets that",
        at: 0
      ).located(file: source.name)
      throw findings.ending(.noModel, error)
    }
    let error = FormatError(
      .malformed,
      "the file is neither GGUF, which begins with 'GGUF', nor safetensors, which has '{' as its "
        + "ninth byte" + (isTooShort ? "; it has only \(bytes.count) bytes" : ""), at: 0
    ).located(file: source.name)
    throw findings.ending(.noModel, error)
  }

  /// Whether the file is what a clone without Git LFS has in place of it: a common mistake.
  private static func isPointer(_ source: any ByteSource) throws(FormatError) -> Bool {
    let beginning = Array("version https://git-lfs".utf8)
    return try source.prefix(beginning.count) == beginning
  }

  /// How long a file with this header can be: a GGUF may end with padding or without.
  ///
  /// - Throws: `unsupported` where the header does not say it: the type of the last tensor is not
  ///   known.
  func byteCounts() throws(FormatError) -> ClosedRange<Int> {
    switch self {
    case .safetensors(let file):
      let end = file.tensors.last?.range.upperBound ?? file.dataOffset
      return end...end
    case .gguf(let file):
      let last = file.tensors.max { $0.info.range.lowerBound < $1.info.range.lowerBound }
      if let last, last.meaning != .resolved {
        throw FormatError(
          .unsupported,
          "its type number \(last.typeID) \(last.whyUnknown), so nobody knows where it ends"
        ).located(file: file.source.name, tensor: last.info.name)
      }
      // Empty tensors may stand where data would begin, if there were any.
      let ranges = file.tensors.map(\.info.range).filter { !$0.isEmpty }
      let end = ranges.reduce(file.headerByteCount) { max($0, $1.upperBound) }
      return end...(try end.aligned(to: file.alignment, "the file's end"))
    }
  }
}
