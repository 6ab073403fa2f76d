extension Packing {
  /// How much of a stream is decompressed before it is written.
  private static let pieceByteCount = 1 << 20

  func unpack(_ item: Item, _ run: Run) async throws(FormatError) -> Int {
    let source = try decompressed(item.source, limits)
    guard source.access != .direct else {
      throw FormatError(.usage, "is no zstd file").located(file: item.source.name)
    }
    (source as? ZstdSource)?.limitWindow(to: run.windowLimit)
    // What the frames claim about their content is not trusted; what the content's own header asks
    // for is known before anything is written.
    let content = try ModelFile(source, limits)
    guard let seekable = source as? SeekableSource else {
      return try await unpack(source, content, item, run)
    }
    let total = seekable.table.byteCount
    try Self.checkLength(total, content, source)
    try run.output.checkSpace(for: total)
    let file = try run.output.create(item.outputName, byteCount: total)
    let counter = run.counter(.unpacking, total: total)
    try await runJobs(seekable.table.count, width: run.width, buffers: { FrameBuffers() }) {
      (index, buffers) throws(FormatError) in
      let range = seekable.table[index].content
      try seekable.read(frame: index, into: &buffers)
      try file.write(buffers.content, at: range.lowerBound)
      counter.add(range.count)
    }
    try seal(file, total, run)
    return total
  }

  /// Front to back, to the end and no further than one byte beyond what the header describes.
  private func unpack(
    _ source: any ByteSource, _ content: ModelFile, _ item: Item, _ run: Run
  ) async throws(FormatError) -> Int {
    let most = try content.byteCounts().upperBound
    try run.output.checkSpace(for: try content.byteCounts().lowerBound)
    let file = try run.output.create(item.outputName, byteCount: 0)
    let counter = run.counter(.unpacking, total: most)
    var piece: [UInt8] = []
    var end = 0
    while true {
      try Cancellation.check()
      let wanted = min(Self.pieceByteCount - 1, most - end) + 1
      if piece.count != wanted { piece.resize(to: wanted) }
      let count = try piece.withMutableBytes { (span) throws(FormatError) in
        try source.read(at: end, into: &span)
      }
      guard count > 0, end <= most - count else {
        try Self.checkLength(end + count, isWhole: false, content, source)
        break
      }
      let offset = end
      try piece.withBytes { (span) throws(FormatError) in
        try file.write(span.extracting(0..<count), at: offset)
      }
      end += count
      counter.add(count)
    }
    try seal(file, end, run)
    return end
  }

  private func seal(_ file: OutputFile, _ count: Int, _ run: Run) throws(FormatError) {
    run.progress(ConversionProgress(phase: .syncing, done: count, total: count))
    try file.seal()
  }
}
