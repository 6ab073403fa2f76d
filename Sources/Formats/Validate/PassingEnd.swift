/// Where a file that went by once ended, against what its header says.
struct PassingEnd {
  let model: Model
  let number: Int
  let file: PassingFile

  /// Reads on to the end and takes down what is wrong there.
  ///
  /// - Parameter stop: What kept the weights from being read.
  /// - Throws: `io`.
  func report(_ stop: FormatError?, _ findings: inout Findings) throws(FormatError) {
    let path = model.files[number].path
    do throws(FormatError) {
      switch try file.source.end(file.byteCounts) {
      case .before(let position): reportCut(position, &findings)
      case .within(let position):
        // What stopped is not the stream, which can be read to its end.
        if let stop { add(stop, path, &findings) }
        reportPadding(position, path, &findings)
      case .beyond:
        if let stop { add(stop, path, &findings) }
        reportSurplus(path, &findings)
      }
    } catch {
      guard error.code.isAboutInput else { throw error }
      add(stop ?? error, path, &findings)
      reportUnread(path, &findings)
    }
  }

  private func add(_ error: FormatError, _ path: String, _ findings: inout Findings) {
    findings.add(
      error.code == .limit ? .beyondLimits : .unreadable, error.located(file: path))
  }

  private func reportCut(_ position: Int, _ findings: inout Findings) {
    let end = file.byteCounts.lowerBound
    let cut = tensors(beyond: position)
    let more = cut.first == nil ? "" : ", from this tensor on (\(cut.count) of \(held.count))"
    findings.add(
      model.gguf == nil ? .safetensorsDataCut : .ggufDataCut,
      FormatError(
        .truncated,
        "needed bytes up to \(end), the content ends after \(position): "
          + "\(end - position) are missing\(more)", at: position
      ).located(file: model.files[number].path, tensor: cut.first?.name))
  }

  private func reportPadding(_ position: Int, _ path: String, _ findings: inout Findings) {
    let padded = file.byteCounts.upperBound
    guard isEndKnown, model.gguf != nil, position < padded else { return }
    findings.add(
      .ggufPadding,
      FormatError(.unsupported, "the content ends \(padded - position) bytes early", at: position)
        .located(file: path))
  }

  private func reportSurplus(_ path: String, _ findings: inout Findings) {
    guard isEndKnown else { return }
    let end = file.byteCounts.upperBound
    let isGGUF = model.gguf != nil
    findings.add(
      isGGUF ? .ggufSurplus : .safetensorsSurplus,
      FormatError(
        .malformed,
        "bytes follow "
          + (isGGUF
            ? "the last tensor and its padding"
            : "the data that the header "
              + "describes") + "; how many was not looked at, for they may have no end", at: end
      ).located(file: path))
  }

  private func reportUnread(_ path: String, _ findings: inout Findings) {
    let unread = tensors(beyond: file.source.position)
    guard let first = unread.first else { return }
    findings.add(
      .weightsNotRead,
      FormatError(
        .unsupported,
        "\(unread.count) of \(held.count) tensors, from this one on, lie behind what cannot be "
          + "decompressed"
      ).located(file: path, tensor: first.name), count: unread.count)
  }

  /// Where the size of a tensor is not known, nobody knows where the last one ends.
  private var isEndKnown: Bool {
    model.gguf?.shards[number].tensors.allSatisfy { $0.meaning == .resolved } ?? true
  }

  private var held: [Tensor] {
    model.tensors.filter { $0.parts.contains { $0.file == number } }
  }

  /// The tensors that are not whole before a byte, in the order of the file.
  private func tensors(beyond position: Int) -> [Tensor] {
    let keyed = held.compactMap { tensor in
      tensor.parts.filter { $0.file == number && $0.info.range.upperBound > position }
        .map(\.info.range.lowerBound).min().map { (start: $0, tensor: tensor) }
    }
    return keyed.sorted { $0.start < $1.start }.map(\.tensor)
  }
}
