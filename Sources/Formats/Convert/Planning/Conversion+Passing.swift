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

  /// Holds frames to come to what the budget leaves for their windows.
  func limitWindows() throws(FormatError) {
    guard model.isPassing else { return }
    let limit = options.budget.windowLimit(try MemoryBound(of: self, size))
    for file in try model.passingFiles().values { file.source.limitWindow(to: limit) }
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
}

extension Model {
  /// The error of what needs a source that can be read again.
  func needsFile(_ reason: String, tensor: String? = nil) -> FormatError {
    let streams = files.compactMap { $0.source as? StreamSource }
    let way =
      if let stream = streams.first(where: \.comesOnce) {
        "a stream is read only once: save it to a file and convert that"
          + (stream.access == .forward
            ? ", or where it has no seek table what 'bonsai-fmt unpack' makes of it" : "")
      } else {
        "a zstd file without a seek table is read only once: 'bonsai-fmt unpack' makes a file of it "
          + "that can be converted"
      }
    return FormatError(.unsupported, "\(reason), and \(way)").located(tensor: tensor)
  }

  /// Refuses a stream of weights whose parts lie apart.
  func checkPartsCanPass() throws(FormatError) {
    guard isPassing, let tensor = tensors.first(where: { $0.layout.parts.count > 1 }) else {
      return
    }
    throw needsFile(
      "the parts of a weight in \(tensor.layout.name) lie far apart", tensor: tensor.name)
  }
}
