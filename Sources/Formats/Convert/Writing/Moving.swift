/// Writes the targets of moves, tile by tile.
struct Moving: Sendable {
  let run: TileRun
  /// The files that the targets' parts name.
  let outputs: [any ByteSink]
  /// The number of the first of them.
  var firstOutput = 0
  /// Hashes what goes by, where it is not read twice.
  var hashing: TileHashing?
  /// Told the number of bytes after each tile, from any task.
  let progress: @Sendable (Int) -> Void

  func callAsFunction(_ moves: [Move]) async throws(FormatError) {
    try await run(moves, as: { moves[$0].target.layout }) {
      (work, tile, buffers) throws(FormatError) in
      try work.feed.fill(tile, &buffers)
      try hashing?.addTarget(tile, of: work, &buffers)
      let count = try buffers.output.withBytes { (bytes) throws(FormatError) in
        try write(tile, of: work.move, bytes)
      }
      try hashing?.addSource(tile, of: work, &buffers)
      progress(count)
    }
  }

  /// - Returns: How many bytes were written: of one part, or of all.
  private func write(_ tile: Tile, of move: Move, _ bytes: RawSpan) throws(FormatError) -> Int {
    var (start, count) = (0, 0)
    let tensor = move.target
    for (number, part) in tensor.layout.parts.enumerated() {
      let rectangle = part.rectangle(of: tile, in: tensor.matrix)
      let end = start + rectangle.byteCount
      if move.parts.contains(number) {
        try write(bytes.extracting(start..<end), rectangle, of: tensor.parts[number])
        count += rectangle.byteCount
      }
      start = end
    }
    return count
  }

  private func write(
    _ bytes: RawSpan, _ rectangle: Rectangle, of part: StoredPart
  ) throws(FormatError) {
    let output = outputs[part.file - firstOutput]
    let offset = part.info.range.lowerBound + rectangle.start
    guard !rectangle.isContiguous else { return try output.write(bytes, at: offset) }
    let count = rectangle.inner.count
    for row in 0..<rectangle.outer.count {
      try output.write(
        bytes.extracting(row * count..<(row + 1) * count), at: offset + row * rectangle.stride)
    }
  }
}
