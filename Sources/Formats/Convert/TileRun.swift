/// Runs over the tiles of many tensors: first all those that stream, then, one at a time, those that
/// have to be held in 1-bit form; while one of these is worked on, the next is read.
struct TileRun: Sendable {
  /// One tensor at work.
  struct Work: Sendable {
    /// Its place in the list of moves.
    let number: Int
    let move: Move
    /// Delivers its tiles.
    let feed: TileFeed
  }

  /// Reads the source tensors.
  let reader: TileReader
  /// Tasks at work at once.
  let width: Int
  /// About how many bytes a tile has, in each of the layouts that it passes through.
  var tileByteCount = 1 << 20
  /// What the rows of a tile are a multiple of, where they are not all.
  var rowUnit = 1
  /// Takes MLX scales that miss by a subnormal's last bit, and counts them; or `nil` to refuse them.
  var tolerance: SubnormalTolerance?

  /// What is done with a tile.
  typealias Job = @Sendable (Work, Tile, inout TileBuffers) throws(FormatError) -> Void

  /// - Parameters:
  ///   - moves: The tensors.
  ///   - layout: The layout in which the feed delivers the tensor of that number.
  ///   - job: What is done with each tile.
  func callAsFunction(
    _ moves: [Move], as layout: @escaping @Sendable (Int) -> Layout, _ job: @escaping Job
  ) async throws(FormatError) {
    try await stream(moves, as: layout, job)
    let staged = moves.indices.filter { moves[$0].needsStage }
    guard let first = staged.first else { return }
    var stage = try await load(moves[first])
    for (index, number) in staged.enumerated() {
      let next = index + 1 < staged.count ? moves[staged[index + 1]] : nil
      async let upcoming = loaded(next)
      let (move, layout) = (moves[number], layout(number))
      let feed = try TileFeed(move.source, reader, stage, as: layout)
      let work = Work(number: number, move: move, feed: feed)
      let tiling = move.tiling(as: layout, byteCount: tileByteCount, rowUnit: rowUnit)
      try await runJobs(
        tiling.count(of: move.target.matrix), width: width, buffers: { TileBuffers() }
      ) { (index, buffers) throws(FormatError) in
        try job(work, tiling.tile(index, of: move.target.matrix), &buffers)
      }
      if let result = await upcoming { stage = try result.get() }
    }
  }

  /// All tiles of all tensors as one run of jobs, so that small tensors do not stop the large ones.
  private func stream(
    _ moves: [Move], as layout: @escaping @Sendable (Int) -> Layout, _ job: @escaping Job
  ) async throws(FormatError) {
    // There may be very many tensors: of each a number is kept, and the rest made for each tile.
    var ends: [Int] = []
    for (number, move) in moves.enumerated() {
      var count = 0
      if !move.needsStage {
        // What cannot be read is known before anything is written.
        _ = try feed(move, as: layout(number))
        let tiling = move.tiling(as: layout(number), byteCount: tileByteCount, rowUnit: rowUnit)
        count = tiling.count(of: move.target.matrix)
      }
      ends.append((ends.last ?? 0) + count)
    }
    let all = ends
    try await runJobs(ends.last ?? 0, width: width, buffers: { TileBuffers() }) {
      (index, buffers) throws(FormatError) in
      let number = all.partitionPoint { $0 > index }
      let (move, layout) = (moves[number], layout(number))
      let tiling = move.tiling(as: layout, byteCount: tileByteCount, rowUnit: rowUnit)
      let before = number == 0 ? 0 : all[number - 1]
      let tile = tiling.tile(index - before, of: move.target.matrix)
      try job(Work(number: number, move: move, feed: feed(move, as: layout)), tile, &buffers)
    }
  }

  private func feed(_ move: Move, as layout: Layout) throws(FormatError) -> TileFeed {
    try TileFeed(move.source, reader, as: layout, tolerance)
  }

  /// - Parameter inOrder: Whether the tensor is read from front to back.
  func load(_ move: Move, inOrder: Bool = false) async throws(FormatError) -> Stage {
    let tiling = Self.loadTiling(of: move.source, byteCount: tileByteCount)
    return try await StageLoading(move.source, from: reader, tolerance: tolerance)(
      tiling, width: inOrder ? 1 : width)
  }

  /// The tiles in which a tensor is read that is then held in 1-bit form.
  static func loadTiling(of tensor: Tensor, byteCount: Int) -> Tiling {
    Tiling(of: tensor.matrix, in: tensor.layout, units: [.q1_0], byteCount: byteCount)
  }

  /// `async let` knows no typed errors; a result does.
  private func loaded(_ move: Move?) async -> Result<Stage, FormatError>? {
    guard let move else { return nil }
    do throws(FormatError) {
      return .success(try await load(move))
    } catch {
      return .failure(error)
    }
  }
}

extension TileRun {
  init(
    reader: TileReader, size: RunSize, rowUnit: Int = 1, tolerance: SubnormalTolerance? = nil
  ) {
    self.init(
      reader: reader, width: size.width, tileByteCount: size.tileByteCount, rowUnit: rowUnit,
      tolerance: tolerance)
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
