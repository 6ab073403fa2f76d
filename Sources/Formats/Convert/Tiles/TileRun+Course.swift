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

  /// All tiles of one tensor that is held.
  func cut(_ stage: Stage, _ number: Int) async throws(FormatError) {
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
  func flow(_ numbers: [Int], from file: PassingFile?) async throws(FormatError) {
    var numbering = TileNumbering()
    for number in numbers {
      // What cannot be read is known before anything is written.
      _ = try TileRun.Work(number, moves[number], run, as: layout(number))
      numbering.append(tiling(of: number).count(of: moves[number].target.matrix))
    }
    let all = numbering
    let turnstile = Turnstile()
    try await runJobs(all.count, width: run.width, buffers: { TileBuffers() }) {
      (place, buffers) throws(FormatError) in
      try releasing(turnstile) { () throws(FormatError) in
        let (index, offset) = all[place]
        let (number, move) = (numbers[index], moves[numbers[index]])
        let tile = tiling(of: number).tile(offset, of: move.target.matrix)
        let work = try TileRun.Work(number, move, run, as: layout(number))
        guard let stream = file?.source else { return try job(work, tile, &buffers) }
        let window = try turnstile.pass(place, next: place + 1) { () throws(FormatError) in
          try Self.window(tile, of: move.source, stream, &buffers.window)
        }
        try job(work.reading(window), tile, &buffers)
        buffers.window = window.bytes
      }
    }
  }

  private func tiling(of number: Int) -> Tiling {
    run.tiling(moves[number], as: layout(number))
  }

  /// Does a job; where it fails, nobody shall wait for its tile, whether for its bytes to be read or to
  /// be written.
  private func releasing(
    _ turnstile: Turnstile? = nil, _ job: () throws(FormatError) -> Void
  ) throws(FormatError) {
    do throws(FormatError) {
      try job()
    } catch {
      turnstile?.abandon()
      run.sequence?.abandon()
      throw error
    }
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
