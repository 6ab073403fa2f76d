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
    case flow([(number: Int, move: Move)], from: PassingFile?)
    /// One that is held.
    case stage(number: Int, move: Move)
    /// The end of a file that goes by.
    case end(PassingFile)
  }

  let run: TileRun
  /// The files of the source that can be read only once, by their numbers; then the moves come in the
  /// order of the files.
  let passing: [Int: PassingFile]
  /// Where tiles wait until it is their turn, if the output can be written only from front to back.
  var output: SequentialOutput?

  func callAsFunction(_ moves: [Move], _ job: @escaping Job) async throws(FormatError) {
    let steps = steps(moves)
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

  private func steps(_ moves: [Move]) -> [Step] {
    let numbered = moves.enumerated().map { (number: $0.offset, move: $0.element) }
    guard !passing.isEmpty else { return Self.steps(numbered, from: nil) }
    let file = { (move: Move) in move.source.parts.first?.file ?? 0 }
    let files = Set(passing.keys).union(moves.map(file)).sorted()
    return files.flatMap { number in
      let steps = Self.steps(numbered.filter { file($0.move) == number }, from: passing[number])
      return steps + (passing[number].map { [.end($0)] } ?? [])
    }
  }

  /// The steps of one file, or of a source that is read in any order.
  private static func steps(
    _ moves: [(number: Int, move: Move)], from file: PassingFile?
  ) -> [Step] {
    var steps: [Step] = []
    var flow: [(number: Int, move: Move)] = []
    for (number, move) in moves {
      guard move.needsStage else {
        flow.append((number, move))
        continue
      }
      if !flow.isEmpty { steps.append(.flow(flow, from: file)) }
      flow = []
      steps.append(.stage(number: number, move: move))
    }
    return flow.isEmpty ? steps : steps + [.flow(flow, from: file)]
  }

  private func take(
    _ step: Step, _ job: @escaping Job, in group: inout TaskGroup<Result<Void, FormatError>>
  ) async throws(FormatError) {
    switch step {
    case .end(let file):
      // All of it has been read: a tensor that is held was, before it was worked on.
      try file.finish()
    case .flow(let moves, let file):
      // These would wait, on all threads that there are, for tiles that need one of them.
      if output != nil { try await group.next()?.get() }
      try await flow(moves, from: file, job)
    case .stage(let number, let move):
      let stage = try await run.load(move, inOrder: !passing.isEmpty)
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
    _ moves: [(number: Int, move: Move)], from file: PassingFile?, _ job: @escaping Job
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
        guard let stream = file?.source else { return try job(work, tile, &buffers) }
        let window = try turnstile.pass(number, next: number + 1) { () throws(FormatError) in
          try Self.window(tile, of: work.move.source, stream, &buffers.window)
        }
        try job(work.reading(window), tile, &buffers)
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
  /// The same from a run of bytes of the file that its source names.
  fileprivate func reading(_ window: WindowSource) -> OrderedRun.Work {
    let number = move.source.parts.first?.file ?? 0
    let reader = TileReader(files: Array(repeating: window, count: number + 1))
    var copy = self
    copy.target = target.reading(from: reader)
    copy.comparison = comparison.reading(from: reader)
    return copy
  }
}
