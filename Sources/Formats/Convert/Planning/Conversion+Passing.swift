/// Sources that are read only once, from front to back.
extension Conversion {
  /// The moves as a stream brings them.
  var movesInSourceOrder: [Move] {
    tensors.moves.sorted {
      let (one, other) = ($0.source.parts.first, $1.source.parts.first)
      return (one?.file ?? 0, one?.info.range.lowerBound ?? 0)
        < (other?.file ?? 0, other?.info.range.lowerBound ?? 0)
    }
  }

  /// The files that go by once, which from here on keep to the budget.
  func passingFiles() throws(FormatError) -> [Int: PassingFile] {
    guard model.isPassing else { return [:] }
    let files = try model.passingFiles()
    let limit = options.budget.windowLimit(try MemoryBound(of: self, size))
    for file in files.values { file.source.limitWindow(to: limit) }
    return files
  }

  /// What the weights of a stream have refuted comes too late for another plan.
  func refuted(_ error: FormatError) -> FormatError {
    let tensor = error.location.tensor.flatMap(model.tensor(named:))
    guard error.code == .notExact, !options.isStrict, tensor?.layout.groupSize == nil else {
      return error
    }
    return FormatError(
      .notExact,
      "\(error.message); from a file to a file such tensors stay as they are, but in a stream this "
        + "comes too late"
    ).located(
      file: model.path, tensor: error.location.tensor, row: error.location.row,
      group: error.location.group)
  }

  /// The error of what needs a source that can be read again.
  func needsFile(_ reason: String, tensor: String? = nil) -> FormatError {
    let way =
      model.files.contains { $0.source.access == .forward }
      ? "a zstd file without a seek table is read only once: 'bonsai-fmt unpack' makes a file of it "
        + "that can be converted"
      : "a stream is read only once: save it to a file and convert that"
    return FormatError(.unsupported, "\(reason), and \(way)").located(tensor: tensor)
  }
}
