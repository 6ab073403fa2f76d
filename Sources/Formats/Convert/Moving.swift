/// Writes the targets of moves, tile by tile.
struct Moving: Sendable {
  let run: TileRun
  /// The files that the targets' parts name.
  let outputs: [OutputFile]
  /// Told the number of bytes after each tile, from any task.
  let progress: @Sendable (Int) -> Void

  func callAsFunction(_ moves: [Move]) async throws(FormatError) {
    try await run(moves, as: { moves[$0].target.layout }) {
      (work, tile, buffers) throws(FormatError) in
      try work.feed.fill(tile, &buffers)
      try buffers.output.withBytes { (bytes) throws(FormatError) in
        try write(tile, of: work.move.target, bytes)
      }
      progress(buffers.output.count)
    }
  }

  func write(_ tile: Tile, of tensor: Tensor, _ bytes: RawSpan) throws(FormatError) {
    var start = 0
    for (part, stored) in zip(tensor.layout.parts, tensor.parts) {
      let rectangle = part.rectangle(of: tile, in: tensor.matrix)
      let output = outputs[stored.file]
      let offset = stored.info.range.lowerBound + rectangle.start
      if rectangle.isContiguous {
        try output.write(bytes, from: start, count: rectangle.byteCount, at: offset)
        output.startWriteback(at: offset, count: rectangle.byteCount)
      } else {
        for row in 0..<rectangle.outer.count {
          try output.write(
            bytes, from: start + row * rectangle.inner.count, count: rectangle.inner.count,
            at: offset + row * rectangle.stride)
        }
      }
      start += rectangle.byteCount
    }
  }
}
