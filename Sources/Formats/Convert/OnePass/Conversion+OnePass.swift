extension Conversion {
  /// Refuses at once what cannot be done when the source is read only once.
  func checkOnePass() throws(FormatError) {
    guard model.isPassing else { return }
    if let tensor = plan.entries.map(\.source).first(where: { $0.layout.parts.count > 1 }) {
      throw needsFile(
        "the parts of a weight in \(tensor.layout.name) lie far apart", tensor: tensor.name)
    }
    if options.allowsRounding {
      throw needsFile("what is rounded is planned by reading the weights beforehand")
    }
    if options.resumes {
      throw needsFile("what is there of an output is compared with the source once more")
    }
    let isTied = model.config?["tie_word_embeddings"] == .bool(true)
    if isTied, !target.isGGUF, model.tensor(named: "lm_head.weight") != nil {
      throw needsFile(
        "the model is said to be tied and stores an output matrix, which has to be compared with "
          + "the embedding beforehand", tensor: "lm_head.weight")
    }
    if options.verifies { _ = try TensorDigests(tensors.moves) }
    _ = try model.passingFiles()
  }

  func needsFile(_ reason: String, tensor: String? = nil) -> FormatError {
    let way =
      model.files.contains { $0.source.access == .forward }
      ? "a zstd file without a seek table is read only once: 'bonsai-fmt unpack' makes a file of it "
        + "that can be converted"
      : "a stream is read only once: save it to a file and convert that"
    return FormatError(.unsupported, "\(reason), and \(way)").located(tensor: tensor)
  }

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
    let files = try model.passingFiles()
    let limit = options.budget.windowLimit(try MemoryBound(of: self, size))
    for file in files.values { file.source.limitWindow(to: limit) }
    return files
  }

  /// Writes files while the source goes by, to its very end.
  func writePassing(
    to files: [OutputFile], _ run: TileRun,
    _ progress: @escaping @Sendable (Int) -> Void
  ) async throws(FormatError) -> TensorDigests? {
    let moves = movesInSourceOrder
    let digests = try options.verifies ? TensorDigests(moves) : nil
    let moving = Moving(run: run, outputs: files, progress: { _ in })
    let pass = OnePass(
      run: OrderedRun(run: run, passing: try passingFiles()),
      write: { (number, tile, bytes) throws(FormatError) in
        try bytes.withBytes { (span) throws(FormatError) in
          try moving.write(tile, of: moves[number].target, span)
        }
        progress(bytes.count)
      }, digests: digests)
    try await pass(moves)
    return digests
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
