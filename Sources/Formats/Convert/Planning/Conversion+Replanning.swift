extension Conversion {
  /// Another plan after the weights themselves refuted this one, or the refusal with all that is to
  /// be said about it.
  ///
  /// A plan assumes the ordinary case of tensors that are too large to be looked at beforehand. At
  /// the first miss all dense ones are read to the end, once, and those that miss stay as they are
  /// or, where that is allowed, are rounded.
  ///
  /// - Parameter path: The output, of which nothing is left where there is no other plan.
  func replanned(
    after error: FormatError, for path: String
  ) async throws(FormatError) -> Conversion {
    try await removingLeftover(of: path) { () throws(FormatError) in
      try await replanned(after: error)
    }
  }

  /// The plan by which an output is resumed: files that are left may be those of a plan that was made
  /// when the weights had been read.
  func planned(forLeftoverOf path: String) async throws(FormatError) -> Conversion {
    guard options.resumes, !options.isStrict, try OutputTransaction.hasLeftover(of: path) else {
      return self
    }
    return try await removingLeftover(of: path) { () throws(FormatError) in
      try await knowingWeights()
    }
  }

  private func removingLeftover(
    of path: String, _ plan: () async throws(FormatError) -> Conversion
  ) async throws(FormatError) -> Conversion {
    do throws(FormatError) {
      return try await plan()
    } catch {
      if options.resumes, let output = try? transaction(path) { stop(output, after: error) }
      throw error
    }
  }

  private func replanned(after error: FormatError) async throws(FormatError) -> Conversion {
    guard let name = error.location.tensor,
      let move = tensors.moves.first(where: { ByteString($0.source.name) == ByteString(name) })
    else { throw error.located(file: model.path) }
    guard move.source.layout.groupSize == nil, !options.isStrict else {
      let count = try await Scanning(run: makeRun())([move]).first?.refusedCount ?? 1
      throw error.counting(count, move.source).located(file: model.path)
    }
    return try await knowingWeights()
  }

  /// The plan that the weights of all dense tensors ask for.
  private func knowingWeights() async throws(FormatError) -> Conversion {
    let assumed = try tensors.moves.filter {
      $0.source.layout.groupSize == nil && $0.target.layout != $0.source.layout
    }.map { (move) throws(FormatError) in options.allowsRounding ? try move.rounded() : move }
    var findings: [ByteString: TargetPlan.Finding] = [:]
    for (move, tally) in zip(assumed, try await Scanning(run: makeRun())(assumed)) {
      findings[ByteString(move.source.name)] = try finding(move, tally)
    }
    return findings.isEmpty
      ? self : try Conversion(of: model, to: target, options: options, knowing: findings)
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
