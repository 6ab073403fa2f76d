extension Conversion {
  /// Writes one file front to back: its header, and then its tensors part by part, so that those of a
  /// tensor whose parts lie apart are read once for each of them.
  ///
  /// - Parameters:
  ///   - digests: Of the moves as they are written, which a stream needs for its proof.
  ///   - hashesTargets: Whether what is written is decoded and hashed before it goes.
  ///   - fingerprinting: Takes what is read.
  ///   - progress: Told how many bytes were written.
  func writeInOrder(
    file number: Int, to output: SequentialOutput, _ run: TileRun, _ digests: TensorDigests? = nil,
    hashesTargets: Bool = false, _ fingerprinting: Fingerprinting? = nil,
    progress: @escaping @Sendable (Int) -> Void
  ) async throws(FormatError) {
    let header = tensors.files[number].header
    try output.write(header, at: 0)
    let parts = parts(ofFile: number)
    let pass = OnePass(
      run: OrderedRun(run: run, passing: try passingFiles(), output: output),
      write: { (number, tile, bytes) throws(FormatError) in
        let (move, part) = parts[number]
        let place = move.target.place(of: tile, part: part)
        try bytes.withBytes { (span) throws(FormatError) in
          try output.write(span.extracting(place.packed), at: place.offset)
        }
        progress(place.packed.count)
      }, digests: digests, hashesTargets: hashesTargets, fingerprinting: fingerprinting)
    try await pass(parts.map(\.move))
  }

  /// A stream brings tensors in its own order, and what is written front to back in another one cannot
  /// wait for them.
  func checkOrder() throws(FormatError) {
    guard model.isPassing else { return }
    let starts = movesInSourceOrder.map { $0.target.parts[0].info.range.lowerBound }
    guard zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      let way =
        options.compression == nil
        ? "write to a file with -o" : "convert without compression and pack what comes of it"
      throw FormatError(
        .unsupported,
        "its tensors come in another order than that of the output, and what is written front to "
          + "back cannot wait for them: \(way)"
      ).located(file: model.path)
    }
  }

  /// The parts of a file's tensors in the order in which they are written, each with what makes it.
  func parts(ofFile number: Int) -> [(move: Move, part: Int)] {
    // What a stream makes is one file of tensors with one part each; see ``checkOrder()``.
    model.isPassing ? movesInSourceOrder.map { ($0, 0) } : tensors.parts(ofFile: number)
  }

  /// What writes a file front to back.
  func sequentialOutput(ofFile number: Int, to sink: any SequentialSink) -> SequentialOutput {
    let file = tensors.files[number]
    let ranges = parts(ofFile: number).map { $0.move.range(ofPart: $0.part) }
    return SequentialOutput(
      sink, ranges: [0..<file.header.count] + ranges, byteCount: file.byteCount)
  }
}

extension Tensor {
  /// Where a part of a packed tile, which is one run of bytes in the file, stands in the tile and in the
  /// file.
  fileprivate func place(of tile: Tile, part number: Int) -> (packed: Range<Int>, offset: Int) {
    let start = layout.parts[..<number].reduce(0) { $0 + $1.byteCount(of: tile.shape) }
    let rectangle = layout.parts[number].rectangle(of: tile, in: matrix)
    let offset = parts[number].info.range.lowerBound + rectangle.start
    return (start..<start + rectangle.byteCount, offset)
  }
}
