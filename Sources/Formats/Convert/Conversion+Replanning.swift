extension Conversion {
  /// Another plan after the weights themselves refuted this one, or the refusal with all that is to
  /// be said about it.
  ///
  /// A plan assumes the ordinary case of tensors that are too large to be looked at beforehand. At
  /// the first miss all dense ones are read to the end, once, and those that miss stay as they are.
  func replanned(after error: FormatError) async throws(FormatError) -> Conversion {
    guard let name = error.location.tensor,
      let move = tensors.moves.first(where: { ByteString($0.source.name) == ByteString(name) })
    else { throw error.located(file: model.path) }
    let scan = Scanning(run: makeRun())
    guard move.source.layout.groupSize == nil, !options.isStrict else {
      let count = try await scan([move]).first?.refusedCount ?? 1
      throw error.counting(count, move.source).located(file: model.path)
    }
    let assumed = tensors.moves.filter {
      $0.source.layout.groupSize == nil && $0.target.layout != $0.source.layout
    }
    let tallies = try await scan(assumed)
    let keeps = zip(assumed, tallies).filter { $1.refusedCount > 0 }.map { $0.0.source.name }
    return try Conversion(
      of: model, to: target, options: options, keeping: Set(keeps.map { ByteString($0) }))
  }
}

extension FormatError {
  /// The same refusal with the number of groups, or values, that share its fate.
  fileprivate func counting(_ count: Int, _ tensor: Tensor) -> FormatError {
    guard count > 1 else { return self }
    let unit = tensor.layout.groupSize == nil && tensor.shape.count < 2 ? "values" : "groups"
    return FormatError(code, "\(message); \(count) \(unit) of this tensor are like that")
      .located(
        file: location.file, tensor: location.tensor, row: location.row, group: location.group)
  }
}
