/// Runs over the tiles of tensors in the order given: for a source that can be read, or an output that
/// can be written, only from front to back.
///
/// Tiles are read one after the other and worked on at once. A tensor that has to be held in 1-bit
/// form is read whole; while its tiles are worked on, what follows is read.
struct OrderedRun: Sendable {
  /// One tensor at work.
  struct Work: Sendable {
    /// Its place in the list of moves.
    let number: Int
    let move: Move
    /// Delivers its tiles in the target's layout.
    var target: TileFeed
    /// Delivers them in the layout in which source and target are compared.
    var comparison: TileFeed
  }

  /// What is done with a tile.
  typealias Job = @Sendable (Work, Tile, inout TileBuffers) throws(FormatError) -> Void

  private enum Step {
    /// Tensors that are worked on tile by tile.
    case flow([(number: Int, move: Move)])
    /// One that is held.
    case stage(number: Int, move: Move)
  }

  let run: TileRun
  /// The source, where it can be read only once.
  let stream: StreamSource?
  /// Where tiles wait until it is their turn, if the output can be written only from front to back.
  var output: SequentialOutput?

  func callAsFunction(_ moves: [Move], _ job: @escaping Job) async throws(FormatError) {
    let steps = Self.steps(moves)
    let result = await withTaskGroup(of: Result<Void, FormatError>.self) {
      group -> Result<Void, FormatError> in
      // What is still at work when something fails stands before it in the order.
      for step in steps {
        do throws(FormatError) {
          try await take(step, job, in: &group)
        } catch {
          for await pending in group {
            if case .failure(let earlier) = pending {
              return .failure(earlier)
            }
          }
          return .failure(error)
        }
      }
      return await group.next() ?? .success(())
    }
    try result.get()
  }

  private static func steps(_ moves: [Move]) -> [Step] {
    var steps: [Step] = []
    var flow: [(number: Int, move: Move)] = []
    for (number, move) in moves.enumerated() {
      guard move.needsStage else {
        flow.append((number, move))
        continue
      }
      if !flow.isEmpty { steps.append(.flow(flow)) }
      flow = []
      steps.append(.stage(number: number, move: move))
    }
    return flow.isEmpty ? steps : steps + [.flow(flow)]
  }

  private func take(
    _ step: Step, _ job: @escaping Job, in group: inout TaskGroup<Result<Void, FormatError>>
  ) async throws(FormatError) {
    switch step {
    case .flow(let moves):
      // These would wait, on all threads that there are, for tiles that need one of them.
      if output != nil { try await group.next()?.get() }
      try await flow(moves, job)
    case .stage(let number, let move):
      let stage = try run.load(move)
      try await group.next()?.get()
      group.addTask {
        do throws(FormatError) {
          return .success(try await cut(stage, number, move, job))
        } catch {
          return .failure(error)
        }
      }
    }
  }

  /// All tiles of one tensor that is held.
  private func cut(
    _ stage: Stage, _ number: Int, _ move: Move, _ job: @escaping Job
  ) async throws(FormatError) {
    let work = Work(
      number: number, move: move,
      target: try TileFeed(move.source, run.reader, stage, as: move.target.layout),
      comparison: try TileFeed(move.source, run.reader, stage, as: move.comparisonLayout))
    let (tiling, matrix) = (tiling(move), move.target.matrix)
    try await runJobs(tiling.count(of: matrix), width: run.width, buffers: { TileBuffers() }) {
      (index, buffers) throws(FormatError) in
      try releasing { () throws(FormatError) in
        try job(work, tiling.tile(index, of: matrix), &buffers)
      }
    }
  }

  private func tiling(_ move: Move) -> Tiling {
    move.tiling(
      as: move.comparisonLayout, byteCount: run.tileByteCount, rowUnit: move.hashedRowUnit)
  }

  /// All tiles of tensors that follow each other.
  private func flow(
    _ moves: [(number: Int, move: Move)], _ job: @escaping Job
  ) async throws(FormatError) {
    // As in TileRun: of each tensor a number is kept.
    var ends: [Int] = []
    for (number, move) in moves {
      _ = try work(number, move)
      ends.append((ends.last ?? 0) + tiling(move).count(of: move.target.matrix))
    }
    let all = ends
    let turnstile = Turnstile()
    try await runJobs(ends.last ?? 0, width: run.width, buffers: { TileBuffers() }) {
      (number, buffers) throws(FormatError) in
      let index = all.partitionPoint { $0 > number }
      let move = moves[index].move
      let before = index == 0 ? 0 : all[index - 1]
      let tile = tiling(move).tile(number - before, of: move.target.matrix)
      try releasing { () throws(FormatError) in
        let work = try work(moves[index].number, move)
        guard let stream else { return try job(work, tile, &buffers) }
        let window = try turnstile.pass(number, next: number + 1) { () throws(FormatError) in
          try Self.window(tile, of: work.move.source, stream, &buffers.window)
        }
        try job(work.reading(from: TileReader(files: [window])), tile, &buffers)
        buffers.window = window.bytes
      }
    }
  }

  /// Does a job; where it fails, nobody shall wait for its tile.
  private func releasing(_ job: () throws(FormatError) -> Void) throws(FormatError) {
    do throws(FormatError) {
      try job()
    } catch {
      output?.abandon(error)
      throw error
    }
  }

  private func work(_ number: Int, _ move: Move) throws(FormatError) -> Work {
    // What is tolerated is counted once.
    let uncounted = run.tolerance.map { _ in SubnormalTolerance() }
    return Work(
      number: number, move: move,
      target: try TileFeed(move.source, run.reader, as: move.target.layout, run.tolerance),
      comparison: try TileFeed(move.source, run.reader, as: move.comparisonLayout, uncounted))
  }

  /// The bytes of a tile, which are one run: whole rows, in the order of the file or of other whole
  /// heads.
  private static func window(
    _ tile: Tile, of tensor: Tensor, _ stream: StreamSource, _ buffer: inout [UInt8]
  ) throws(FormatError) -> WindowSource {
    let rectangle = tensor.layout.parts[0].rectangle(of: tile, in: tensor.matrix)
    let start = tensor.parts[0].info.range.lowerBound + rectangle.start
    var bytes: [UInt8] = []
    swap(&bytes, &buffer)
    bytes.resize(to: rectangle.byteCount)
    try locating(tensor: tensor.name) { () throws(FormatError) in
      try bytes.withMutableBytes { (span) throws(FormatError) in
        try stream.readAll(at: start, into: &span)
      }
    }
    return WindowSource(name: stream.name, start: start, bytes: bytes)
  }
}

extension OrderedRun.Work {
  fileprivate func reading(from reader: TileReader) -> OrderedRun.Work {
    var copy = self
    copy.target = target.reading(from: reader)
    copy.comparison = comparison.reading(from: reader)
    return copy
  }
}
