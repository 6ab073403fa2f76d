/// One tensor on its way: where it is read, and where and how it is written.
struct Move: Sendable {
  /// The tensor in the source.
  let source: Tensor
  /// The tensor in the output, with its place in each of the output's files.
  let target: Tensor

  /// Whether the source lies the other way round than the target, so that its 1-bit form is held.
  var needsStage: Bool { source.layout.isTransposed != target.layout.isTransposed }

  /// The tiles in which the target is written: contiguous in each of its parts.
  func tiling(byteCount: Int, rowUnit: Int = 1) -> Tiling {
    Tiling(
      of: target.matrix, in: target.layout, units: [source.layout, .q1_0], rowUnit: rowUnit,
      byteCount: byteCount)
  }

  /// The layout in which source and target are compared: Q1_0 where one of them is quantized, F32
  /// where both are dense, and the stored bytes for what is only carried along.
  var comparisonLayout: Layout {
    if source.layout == target.layout, !Layouts.all.contains(source.layout) { return source.layout }
    return source.layout.groupSize == nil && target.layout.groupSize == nil ? .f32 : .q1_0
  }
}

/// Runs over the tiles of many tensors: first all those that stream, then, one at a time, those that
/// have to be held in 1-bit form; while one of these is worked on, the next is read.
struct TileRun: Sendable {
  /// Reads the source tensors.
  let reader: TileReader
  /// Tasks at work at once.
  let width: Int
  /// About how many bytes of the target a tile has.
  var tileByteCount = 1 << 20
  /// What the rows of a tile are a multiple of, where they are not all.
  var rowUnit = 1
  /// Takes MLX scales that miss by a subnormal's last bit, and counts them; or `nil` to refuse them.
  var tolerance: SubnormalTolerance?

  /// What is done with a tile.
  typealias Job =
    @Sendable (Move, TileFeed, Tile, inout TileBuffers) throws(FormatError) -> Void

  /// - Parameters:
  ///   - moves: The tensors.
  ///   - layout: The layout in which the feed delivers a tensor.
  ///   - job: What is done with each tile.
  func callAsFunction(
    _ moves: [Move], as layout: (Move) -> Layout, _ job: @escaping Job
  ) async throws(FormatError) {
    try await stream(moves.filter { !$0.needsStage }, as: layout, job)
    let staged = moves.filter(\.needsStage)
    guard let first = staged.first else { return }
    var stage = try load(first)
    for (index, move) in staged.enumerated() {
      let next = index + 1 < staged.count ? staged[index + 1] : nil
      async let upcoming = loaded(next)
      let feed = try TileFeed(move.source, reader, stage, as: layout(move))
      let tiling = move.tiling(byteCount: tileByteCount, rowUnit: rowUnit)
      try await runJobs(
        tiling.count(of: move.target.matrix), width: width, buffers: { TileBuffers() }
      ) { (number, buffers) throws(FormatError) in
        try job(move, feed, tiling.tile(number, of: move.target.matrix), &buffers)
      }
      if let result = await upcoming { stage = try result.get() }
    }
  }

  /// All tiles of all tensors as one run of jobs, so that small tensors do not stop the large ones.
  private func stream(
    _ moves: [Move], as layout: (Move) -> Layout, _ job: @escaping Job
  ) async throws(FormatError) {
    var works: [(move: Move, feed: TileFeed, tiling: Tiling, end: Int)] = []
    var end = 0
    for move in moves {
      let feed = try TileFeed(move.source, reader, as: layout(move), tolerance)
      let tiling = move.tiling(byteCount: tileByteCount, rowUnit: rowUnit)
      end += tiling.count(of: move.target.matrix)
      works.append((move, feed, tiling, end))
    }
    let all = works
    try await runJobs(end, width: width, buffers: { TileBuffers() }) {
      (number, buffers) throws(FormatError) in
      let index = all.partitionPoint { $0.end > number }
      let work = all[index]
      let before = index == 0 ? 0 : all[index - 1].end
      let tile = work.tiling.tile(number - before, of: work.move.target.matrix)
      try job(work.move, work.feed, tile, &buffers)
    }
  }

  private func load(_ move: Move) throws(FormatError) -> Stage {
    let route = try locating(tensor: move.source.name) { () throws(FormatError) in
      try move.source.route(to: .q1_0)
    }
    let tiling = Tiling(
      of: move.source.matrix, in: move.source.layout, units: [.q1_0], byteCount: tileByteCount)
    return try Stage(
      of: move.source, from: reader, route: route, tiling: tiling, tolerance: tolerance)
  }

  /// `async let` knows no typed errors; a result does.
  private func loaded(_ move: Move?) async -> Result<Stage, FormatError>? {
    guard let move else { return nil }
    do throws(FormatError) {
      return .success(try load(move))
    } catch {
      return .failure(error)
    }
  }
}

extension Array {
  /// The first index whose element fulfils a condition that no earlier one does and all later do.
  func partitionPoint(_ isBeyond: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
