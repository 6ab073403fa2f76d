/// The most memory that work on the tiles of tensors takes: what its tasks hold, its stages, and what
/// there is once.
///
/// A bound, not a forecast: measured peaks lie below it, and its parts are rounded up from what has
/// been measured.
struct MemoryBound {
  /// What one task holds; buffers keep the size of the largest tile that they ever held.
  private struct Task {
    var input = 0, output = 0, other = 0, steps = 0, blocks = 0

    /// An array that grows may take twice what it needs.
    var byteCount: Int { 2 * (input + output + other + 2 * steps + blocks) }

    mutating func hold(_ route: Route, _ tile: Tile) {
      input = max(input, route.source.heldByteCount(of: tile))
      output = max(output, route.target.heldByteCount(of: tile))
      steps = max(
        steps, route.steps.dropLast().map { $0.target.heldByteCount(of: tile) }.max() ?? 0)
    }
  }

  let size: RunSize
  private var task = Task()
  private var stage = 0
  /// What one task holds while a stage is loaded.
  private var loading = 0
  private var leaves = 0
  private var once = Self.base
  /// What was held before the run.
  private var planning = 0
  /// The largest frame that is read of files with seek tables, compressed and decompressed together.
  private var frame = 0
  /// The largest window of the zstd frames that are read front to back; part of ``byteCount``.
  private(set) var windowByteCount = 0

  /// Code, stacks and the runtime's own needs.
  private static let base = 24 << 20
  /// A header is held as bytes, as values, and as what is made of them.
  private static let headerFactor = 5
  /// A tensor's names, shapes and places on one side of a conversion, in all lists together.
  private static let tensorByteCount = 1 << 10
  /// A short token in a `tokenizer.json`, with its id.
  private static let leastTokenByteCount = 16
  /// A token `[PAD16777215]`, in all lists of tokens together.
  private static let paddingByteCount = 96
  /// What a zstd stream holds beside its window.
  private static let restingFileByteCount = 3 << 17

  init(_ size: RunSize) { self.size = size }

  /// All of it.
  var byteCount: Int {
    max(
      once + windowByteCount + frames + size.width * (task.byteCount + loading) + 2 * stage
        + 3 * leaves,
      planning)
  }

  /// Frames that are kept, of all files together, and those at work: each task reads of one file at
  /// a time.
  private var frames: Int {
    frame == 0 ? 0 : ZstdLimits.cacheByteCount + 4 * size.width * frame
  }

  /// The larger of two in what tasks hold.
  mutating func take(the other: MemoryBound) {
    task.input = max(task.input, other.task.input)
    task.output = max(task.output, other.task.output)
    task.other = max(task.other, other.task.other)
    task.steps = max(task.steps, other.task.steps)
    task.blocks = max(task.blocks, other.task.blocks)
    windowByteCount = max(windowByteCount, other.windowByteCount)
    stage = max(stage, other.stage)
    loading = max(loading, other.loading)
    leaves = max(leaves, other.leaves)
  }

  /// Of a stream runs of bytes wait for their turn, and tiles of a tensor that is held are worked on
  /// beside those that stream.
  mutating func addStream() { once += size.width * (task.byteCount + 2 * task.input) }

  /// Takes in files that are read front to back, one after the other.
  mutating func add(_ files: some Collection<PassingFile>) {
    let heads = files.reduce(0) { $0 + $1.source.headByteCount + Self.restingFileByteCount }
    once += heads + ZstdLimits.lookBackByteCount
    for file in files { add(window: file.windowByteCount) }
  }

  /// Takes in a window; there is one at a time.
  mutating func add(window byteCount: Int) { windowByteCount = max(windowByteCount, byteCount) }

  /// Something there is once.
  mutating func add(byteCount: Int) { once += byteCount }

  /// Takes in the tokenizer that is read while the run is planned: its text, and what is made of it.
  ///
  /// - Parameter rows: Those of the embedding, each of which becomes a token; of those that the document
  ///   has no room for nothing but their number is known.
  mutating func add(planning byteCount: Int, rows: Int) {
    let padding = max(rows - byteCount / Self.leastTokenByteCount, 0)
    planning = Self.base + 3 * byteCount + Self.paddingByteCount * padding
  }

  mutating func add(headers byteCount: Int, tensorCount: Int) {
    once += Self.headerFactor * byteCount + Self.tensorByteCount * tensorCount
  }

  /// Takes in a model that is read.
  mutating func add(_ model: Model) {
    add(
      headers: model.files.reduce(0) { $0 + $1.dataOffset }, tensorCount: model.tensors.count)
    let tables = model.files.compactMap { ($0.source as? SeekableSource)?.table }
    for table in tables {
      add(table)
      add(readingFrames: table.largestFrameByteCount)
    }
  }

  /// Takes in a seek table, for as long as its file is open.
  mutating func add(_ table: SeekTable) { once += table.heldByteCount }

  /// Takes in that what is written is compressed.
  ///
  /// - Parameters:
  ///   - byteCount: The content of all files.
  ///   - readsBack: Whether it is read again.
  mutating func add(compressing byteCount: Int, level: Int, readsBack: Bool) {
    let frame = ZstdLimits.writtenFrameByteCount
    // The content, twice what it may become, and as much content that waits to be cut.
    once += size.width * (4 * frame + Zstd.contextByteCount(level: level))
    // The table as it grows, as it is written, and as it is read.
    once += 4 * SeekTable.heldByteCount(frames: byteCount / frame + 1)
    if readsBack { add(readingFrames: frame) }
  }

  /// Takes in that frames of a file with a seek table are read.
  private mutating func add(readingFrames byteCount: Int) { frame = max(frame, byteCount) }

  /// Takes in that a task takes tiles along routes.
  mutating func add(_ routes: [Route], _ tile: Tile) {
    for route in routes { task.hold(route, tile) }
  }

  /// Takes in that a task holds a tile beside the one that it works on.
  mutating func add(other layout: Layout, _ tile: Tile) {
    task.other = max(task.other, layout.heldByteCount(of: tile))
  }

  /// Takes in that the leaves of a matrix are hashed.
  mutating func add(hashing tile: Tile, of matrix: MatrixShape) {
    // A dense tile is looked at for its signs and scales, by way of F16.
    let blocks = tile.columns.count / Q1_0.blockSize * tile.rows.count * Q1_0.blockByteCount
    task.blocks = max(
      task.blocks, min(blocks, Layout.mostHeldByteCount) + Layout.f16.heldByteCount(of: tile))
    leaves = max(
      leaves, min(LeafGrid(matrix: matrix).count * Digest.byteCount, Layout.mostHeldByteCount))
  }

  /// Takes in that a tensor is held in 1-bit form.
  mutating func add(staging tensor: Tensor) throws(FormatError) {
    let tiling = TileRun.loadTiling(of: tensor, byteCount: size.tileByteCount)
    var task = Task()
    task.hold(try tensor.route(to: .q1_0), tiling.largestTile(of: tensor.matrix))
    loading = max(loading, task.byteCount)
    stage = max(stage, Layout.q1_0.heldByteCount(of: tensor.matrix.whole))
  }
}

extension Layout {
  /// More than any machine holds, and little enough that the sum of all that is held can be counted:
  /// a row of a tensor can be as long as a stream claims.
  fileprivate static let mostHeldByteCount = 1 << 44

  fileprivate func heldByteCount(of tile: Tile) -> Int {
    min(byteCount(of: tile), Self.mostHeldByteCount)
  }
}
