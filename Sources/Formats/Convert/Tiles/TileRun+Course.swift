extension TileRun {
  /// One run over a list of moves.
  struct Course: Sendable {
    let run: TileRun
    let moves: [Move]
    let layout: @Sendable (Int) -> Layout
    let job: Job
  }

  /// Moves are given by their numbers: there may be very many tensors.
  enum Step {
    /// Tensors that are worked on tile by tile.
    case flow([Int], from: PassingFile?)
    /// One that is held.
    case stage(Int)
    /// The end of a file that goes by.
    case end(PassingFile)
  }
}

extension TileRun.Course {
  var steps: [TileRun.Step] {
    guard run.isOrdered else {
      return Self.steps(
        moves.indices.filter { !moves[$0].needsStage }
          + moves.indices.filter { moves[$0].needsStage }, of: moves, from: nil)
    }
    guard !run.passing.isEmpty else { return Self.steps(moves.indices, of: moves, from: nil) }
    let file = { (number: Int) in moves[number].source.parts.first?.file ?? 0 }
    let files = Set(run.passing.keys).union(moves.indices.map(file)).sorted()
    return files.flatMap { number in
      let passing = run.passing[number]
      let steps = Self.steps(
        moves.indices.filter { file($0) == number }, of: moves, from: passing)
      return steps + (passing.map { [.end($0)] } ?? [])
    }
  }

  private static func steps(
    _ numbers: some Sequence<Int>, of moves: [Move], from file: PassingFile?
  ) -> [TileRun.Step] {
    var steps: [TileRun.Step] = []
    var flow: [Int] = []
    for number in numbers {
      guard moves[number].needsStage else {
        flow.append(number)
        continue
      }
      if !flow.isEmpty { steps.append(.flow(flow, from: file)) }
      flow = []
      steps.append(.stage(number))
    }
    return flow.isEmpty ? steps : steps + [.flow(flow, from: file)]
  }

  /// - Parameter group: Where the tensor that is held is worked on, while what follows is read.
  func take(
    _ step: TileRun.Step, in group: inout TaskGroup<Result<Void, FormatError>>
  ) async throws(FormatError) {
    switch step {
    case .end(let file):
      // All of it has been read: a tensor that is held was, before it was worked on.
      try file.finish()
    case .flow(let numbers, let file):
      // Wait for the tensor that is held: jobs that wait for its tiles would occupy all threads.
      if run.sequence != nil { try await group.next()?.get() }
      try await flow(numbers, from: file)
    case .stage(let number):
      let stage = try await run.load(moves[number])
      try await group.next()?.get()
      group.addTask {
        do throws(FormatError) {
          return .success(try await cut(stage, number))
        } catch {
          return .failure(error)
        }
      }
    }
  }

  /// All tiles of one tensor that is held.
  private func cut(_ stage: Stage, _ number: Int) async throws(FormatError) {
    let (move, layout) = (moves[number], layout(number))
    let work = try TileRun.Work(number, move, run, as: layout, from: stage)
    let (tiling, matrix) = (run.tiling(move, as: layout), move.target.matrix)
    try await runJobs(tiling.count(of: matrix), width: run.width, buffers: { TileBuffers() }) {
      (index, buffers) throws(FormatError) in
      try releasing { () throws(FormatError) in
        try job(work, tiling.tile(index, of: matrix), &buffers)
      }
    }
  }

  /// All tiles of tensors that follow each other.
  private func flow(_ numbers: [Int], from file: PassingFile?) async throws(FormatError) {
    // Of each a number is kept, and the rest made for each tile.
    var ends: [Int] = []
    for number in numbers {
      // What cannot be read is known before anything is written.
      _ = try TileRun.Work(number, moves[number], run, as: layout(number))
      let tiling = run.tiling(moves[number], as: layout(number))
      ends.append((ends.last ?? 0) + tiling.count(of: moves[number].target.matrix))
    }
    let all = ends
    let turnstile = Turnstile()
    try await runJobs(ends.last ?? 0, width: run.width, buffers: { TileBuffers() }) {
      (place, buffers) throws(FormatError) in
      let index = all.partitionPoint { $0 > place }
      let move = moves[numbers[index]]
      let layout = layout(numbers[index])
      let before = index == 0 ? 0 : all[index - 1]
      let tile = run.tiling(move, as: layout).tile(place - before, of: move.target.matrix)
      try releasing { () throws(FormatError) in
        let work = try TileRun.Work(numbers[index], move, run, as: layout)
        guard let stream = file?.source else { return try job(work, tile, &buffers) }
        let window = try turnstile.pass(place, next: place + 1) { () throws(FormatError) in
          try Self.window(tile, of: move.source, stream, &buffers.window)
        }
        try job(work.reading(window), tile, &buffers)
        buffers.window = window.bytes
      }
    }
  }

  /// Does a job; where it fails, nobody shall wait for its tile.
  private func releasing(_ job: () throws(FormatError) -> Void) throws(FormatError) {
    guard let sequence = run.sequence else { return try job() }
    try sequence.releasing(job)
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
