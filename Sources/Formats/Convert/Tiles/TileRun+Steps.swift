/// Takes the steps one after the other, but for a tensor that is held: while its tiles are worked on,
/// the next step is taken.
extension TileRun.Course {
  /// What has come to an end.
  private enum Event: Sendable {
    /// A step, or for a tensor that is held its reading.
    case step(Result<Stage?, FormatError>)
    /// The tiles of one that is held.
    case cut(Result<Void, FormatError>)
  }

  /// - Throws: The error of what comes first in the order; all behind that is stopped at once.
  func callAsFunction() async throws(FormatError) {
    let result = await withTaskGroup(of: Event.self) { group -> Result<Void, FormatError> in
      var isCutting = false
      do throws(FormatError) {
        for step in steps { try await take(step, &group, &isCutting) }
        try await endCut(&group, &isCutting)
        return .success(())
      } catch {
        group.cancelAll()
        return .failure(error)
      }
    }
    try result.get()
  }

  /// - Parameter isCutting: Whether the tiles of a tensor that is held are at work.
  private func take(
    _ step: TileRun.Step, _ group: inout TaskGroup<Event>, _ isCutting: inout Bool
  ) async throws(FormatError) {
    // These would wait, on all threads that there are, for tiles that need one of them.
    if case .flow = step, run.sequence != nil { try await endCut(&group, &isCutting) }
    group.addTask { .step(await result { () throws(FormatError) in try await begin(step) }) }
    guard let stage = try await endStep(&group, &isCutting), case .stage(let number) = step else {
      return
    }
    try await endCut(&group, &isCutting)
    isCutting = true
    group.addTask {
      .cut(await result { () throws(FormatError) in try await cut(stage, number) })
    }
  }

  /// Does a step, or reads what is to be held.
  private func begin(_ step: TileRun.Step) async throws(FormatError) -> Stage? {
    switch step {
    case .end(let file):
      // All of it has been read: a tensor that is held was, before it was worked on.
      try file.finish()
    case .flow(let numbers, let file): try await flow(numbers, from: file)
    case .stage(let number): return try await run.load(moves[number])
    }
    return nil
  }

  /// Waits for a step. What is worked on beside it stands before it in the order: its error ends the
  /// step, and where the step fails it is worked on to its end.
  private func endStep(
    _ group: inout TaskGroup<Event>, _ isCutting: inout Bool
  ) async throws(FormatError) -> Stage? {
    while let event = await group.next() {
      switch event {
      case .step(.success(let stage)): return stage
      case .step(.failure(let error)):
        try await endCut(&group, &isCutting)
        throw error
      case .cut(let result):
        isCutting = false
        try result.get()
      }
    }
    return nil
  }

  /// Waits for the tiles of a tensor that is held, if there are any.
  private func endCut(
    _ group: inout TaskGroup<Event>, _ isCutting: inout Bool
  ) async throws(FormatError) {
    guard isCutting, case .cut(let result)? = await group.next() else { return }
    isCutting = false
    try result.get()
  }

  /// Tasks of a group know no typed errors; a result does.
  private func result<Success: Sendable>(
    _ body: () async throws(FormatError) -> Success
  ) async -> Result<Success, FormatError> {
    do throws(FormatError) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}
