extension Conversion {
  /// Another plan after the weights themselves refuted this one, or the refusal with all that is to
  /// be said about it.
  ///
  /// A plan assumes the ordinary case of tensors that are too large to be looked at beforehand. At
  /// the first miss all dense ones are read to the end, once, and those that miss stay as they are
  /// or, where that is allowed, are rounded.
  func replanned(after error: FormatError) async throws(FormatError) -> Conversion {
    guard let name = error.location.tensor,
      let move = tensors.moves.first(where: { ByteString($0.source.name) == ByteString(name) })
    else { throw error.located(file: model.path) }
    let scan = Scanning(run: makeRun())
    guard move.source.layout.groupSize == nil, !options.isStrict else {
      let count = try await scan([move]).first?.refusedCount ?? 1
      throw error.counting(count, move.source).located(file: model.path)
    }
    let assumed = try tensors.moves.filter {
      $0.source.layout.groupSize == nil && $0.target.layout != $0.source.layout
    }.map { (move) throws(FormatError) in options.allowsRounding ? try move.rounded() : move }
    var findings: [ByteString: TargetPlan.Finding] = [:]
    for (move, tally) in zip(assumed, try await scan(assumed)) {
      findings[ByteString(move.source.name)] = try finding(move, tally)
    }
    return try Conversion(of: model, to: target, options: options, knowing: findings)
  }

  private func finding(
    _ move: Move, _ tally: Tally
  ) throws(FormatError) -> TargetPlan.Finding? {
    if let refusal = tally.firstRefusal {
      guard options.allowsRounding else { return .kept(refusal, count: tally.refusedCount) }
      throw refusal.counting(tally.refusedCount, move.source)
        .located(file: model.path, tensor: move.source.name)
    }
    return tally.rounding.changedCount > 0 ? .rounded(tally.rounding) : nil
  }
}

extension Move {
  /// The same with the source rounded where the target has no exact form for it.
  func rounded() throws(FormatError) -> Move {
    Move(source: try source.rounded(for: target.layout), target: target)
  }
}
