/// Runs over the tiles of many tensors, several at once.
///
/// Tensors of which any tile can be read by itself flow: their tiles are one run of jobs, so that small
/// tensors do not stop the large ones. One that has to be held in 1-bit form is read whole; while its
/// tiles are worked on, what follows is read. Where neither source nor output asks for an order, those
/// that are held come last.
struct TileRun: Sendable {
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
  /// The files of the source that can be read only once, by their numbers. Then the moves come in the
  /// order of the files, and all files are read to their ends.
  var passing: [Int: PassingFile] = [:]
  /// Where tiles wait until it is their turn, if the output is written from front to back. Then the
  /// moves come in its order.
  var sequence: SequentialOutput?

  /// What is done with a tile.
  typealias Job = @Sendable (Work, Tile, inout TileBuffers) throws(FormatError) -> Void

  /// - Parameters:
  ///   - moves: The tensors.
  ///   - layout: The layout in which the feed delivers the tensor of that number.
  ///   - job: What is done with each tile.
  func callAsFunction(
    _ moves: [Move], as layout: @escaping @Sendable (Int) -> Layout, _ job: @escaping Job
  ) async throws(FormatError) {
    try await Course(run: self, moves: moves, layout: layout, job: job)()
  }

  /// Whether the moves keep the order in which they come.
  var isOrdered: Bool { !passing.isEmpty || sequence != nil }

  /// How a tensor is cut. What is worked on in order may be hashed when it goes by, and its tiles are
  /// one run of bytes each.
  func tiling(_ move: Move, as layout: Layout) -> Tiling {
    isOrdered
      ? move.tiling(
        as: move.comparisonLayout, byteCount: tileByteCount, rowUnit: move.hashedRowUnit)
      : move.tiling(as: layout, byteCount: tileByteCount, rowUnit: rowUnit)
  }

  /// The tolerance for a tensor. Where its parts are written one after the other, only the first
  /// pass counts.
  func tolerance(for move: Move) -> SubnormalTolerance? {
    move.part ?? 0 == 0 ? tolerance : tolerance.map { _ in SubnormalTolerance() }
  }

  /// Reads a whole tensor; a stream from front to back.
  func load(_ move: Move) async throws(FormatError) -> Stage {
    let tiling = Self.loadTiling(of: move.source, byteCount: tileByteCount)
    return try await StageLoading(move.source, from: reader, tolerance: tolerance(for: move))(
      tiling, width: passing.isEmpty ? width : 1)
  }

  /// The tiles in which a tensor is read that is then held in 1-bit form.
  static func loadTiling(of tensor: Tensor, byteCount: Int) -> Tiling {
    Tiling(of: tensor.matrix, in: tensor.layout, units: [.q1_0], byteCount: byteCount)
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

  /// One tensor at work.
  struct Work: Sendable {
    /// Its place in the list of moves.
    let number: Int
    let move: Move
    /// Delivers its tiles.
    private(set) var feed: TileFeed
    private var reader: TileReader
    private let stage: Stage?
    private let isTolerant: Bool

    /// - Parameter stage: All of the tensor, where it is held.
    init(
      _ number: Int, _ move: Move, _ run: TileRun, as layout: Layout, from stage: Stage? = nil
    ) throws(FormatError) {
      self.number = number
      self.move = move
      self.stage = stage
      reader = run.reader
      isTolerant = run.tolerance != nil
      feed =
        if let stage {
          try TileFeed(move.source, run.reader, stage, as: layout)
        } else {
          try TileFeed(move.source, run.reader, as: layout, run.tolerance(for: move))
        }
    }

    /// Delivers them once more, in another layout; what is tolerated has been counted.
    func feed(as layout: Layout) throws(FormatError) -> TileFeed {
      if let stage { return try TileFeed(move.source, reader, stage, as: layout) }
      return try TileFeed(
        move.source, reader, as: layout, isTolerant ? SubnormalTolerance() : nil)
    }

    /// The same from a run of bytes of the file that its source names.
    func reading(_ window: WindowSource) -> Work {
      let number = move.source.parts.first?.file ?? 0
      var copy = self
      copy.reader = TileReader(files: Array(repeating: window, count: number + 1))
      copy.feed = feed.reading(from: copy.reader)
      return copy
    }
  }
}
