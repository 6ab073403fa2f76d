/// What a GGUF file has that its reader takes and others do not.
struct GGUFChecks {
  private let file: GGUFFile

  init(_ file: GGUFFile) { self.file = file }

  func run(_ findings: inout Findings) {
    checkMetadata(&findings)
    GGUFKeyTypes.check(file.metadata, &findings)
    if file.alignment < 8 {
      findings.add(
        .ggufSmallAlignment,
        FormatError(
          .unsupported, "'general.alignment' is \(file.alignment), needed a multiple of 8"))
    }
    if file.isBigEndian {
      findings.add(.ggufByteOrder, FormatError(.unsupported, "the file is big-endian", at: 4))
    }
    for tensor in file.tensors where tensor.info.name.utf8.count == 64 {
      findings.add(
        .ggufLongName,
        FormatError(.unsupported, "the name has 64 bytes, ggml needed 63 at most")
          .located(tensor: tensor.info.name))
    }
    checkOrder(&findings)
    checkEnd(&findings)
  }

  private func checkMetadata(_ findings: inout Findings) {
    for entry in file.metadata.entries {
      if case .array(let array) = entry.value, array.elementKind == .array {
        findings.add(
          .ggufNestedArray,
          FormatError(
            .unsupported, "metadata key '\(entry.key.quoted())' is an array of arrays",
            at: array.range.lowerBound))
      }
      if !entry.key.isEmpty, !entry.key.isDottedSnakeCase {
        findings.add(
          .ggufKeySpelling,
          FormatError(.unsupported, "metadata key '\(entry.key.quoted())' is spelled otherwise"))
      }
    }
  }

  /// Whether each tensor begins where ggml looks for it.
  private func checkOrder(_ findings: inout Findings) {
    var needed = file.dataOffset
    for tensor in file.tensors {
      let info = tensor.info
      if info.range.lowerBound != needed {
        findings.add(
          .ggufOrder,
          FormatError(
            .unsupported, "begins at \(info.range.lowerBound), ggml needed \(needed)",
            at: info.range.lowerBound
          ).located(tensor: info.name))
      }
      // Where the size is not known, what follows says where it ends.
      guard tensor.meaning == .resolved,
        let end = try? info.range.upperBound.aligned(to: file.alignment, "padding")
      else { return }
      needed = end
    }
  }

  /// Whether the file ends where its last tensor does, padded.
  private func checkEnd(_ findings: inout Findings) {
    guard let byteCount = file.source.byteCount,
      file.tensors.allSatisfy({ $0.meaning == .resolved })
    else { return }
    let end = file.tensors.reduce(file.headerByteCount) { max($0, $1.info.range.upperBound) }
    guard let padded = try? end.aligned(to: file.alignment, "the file's end") else { return }
    if byteCount >= end, byteCount < padded {
      findings.add(
        .ggufPadding,
        FormatError(.unsupported, "the file ends \(padded - byteCount) bytes early", at: byteCount))
    }
    if byteCount > padded {
      findings.add(
        .ggufSurplus,
        FormatError(
          .malformed, "\(byteCount - padded) bytes follow the last tensor and its padding",
          at: padded))
    }
  }
}

extension GGUFChecks {
  /// What the metadata of a model, split or not, lacks.
  static func checkModel(_ split: GGUFSplit, _ path: String, _ findings: inout Findings) {
    let metadata = split.metadata
    let file = split.shards.first?.source.name ?? path
    if metadata["general.architecture"] == nil {
      findings.add(.ggufArchitecture, missing("general.architecture").located(file: file))
    }
    let isQuantized = split.shards.contains { shard in
      shard.tensors.contains { $0.info.type.blockSize > 1 }
    }
    if isQuantized, metadata["general.quantization_version"] == nil {
      findings.add(
        .ggufQuantizationVersion, missing("general.quantization_version").located(file: file))
    }
    if let name = GGUFSplitName(Paths.withoutZstdSuffix(path) ?? path), name.index > 0,
      split.shards.count > 1
    {
      findings.add(
        .ggufFirstPart,
        FormatError(.unsupported, "this is file \(name.index + 1) of \(name.count)")
          .located(file: path))
    }
  }

  private static func missing(_ key: String) -> FormatError {
    FormatError(.malformed, "metadata key '\(key)' is needed and missing")
  }
}

extension String {
  /// Whether the text is words of `a` to `z`, digits and `_`, joined by dots.
  fileprivate var isDottedSnakeCase: Bool {
    split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
      !word.isEmpty
        && word.utf8.allSatisfy {
          switch $0 {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
          default: false
          }
        }
    }
  }
}
