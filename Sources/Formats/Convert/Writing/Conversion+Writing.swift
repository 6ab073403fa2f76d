/// The ways of writing files with tensors. All bring the bytes of whole files, to whatever takes them.
extension Conversion {
  /// What it takes to write tensors, beside a place for them.
  struct Writing: Sendable {
    /// Reads the source.
    let run: TileRun
    /// Hashes what goes by, where the proof needs it.
    var hashing: TileHashing?
    /// Told how many bytes of tensors were written.
    let progress: @Sendable (Int) -> Void

    /// Groups that were taken although a subnormal's last bit is lost.
    var toleratedCount: Int { run.tolerance?.groupCount ?? 0 }
  }

  /// The result of writing.
  struct Written: Sendable {
    /// Files that are not durable yet.
    let files: [OutputFile]
    /// Of a source that has gone by.
    let digests: TensorDigests?
    /// Groups that were taken although a subnormal's last bit is lost.
    let toleratedCount: Int
  }

  /// Writes all files with tensors.
  func writeTensors(
    _ output: OutputTransaction, _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> Written {
    if options.resumes { return try await writeResuming(output, progress) }
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    let needsDigests = model.isPassing && options.verifies
    let digests = try needsDigests ? TensorDigests(movesInSourceOrder) : nil
    let writing = Writing(
      run: makeRun(), hashing: digests.map { TileHashing(digests: $0) }, progress: counter.add)
    let files = try tensors.files.map { (file) throws(FormatError) in
      try output.create(
        name(of: file, in: output.path),
        byteCount: options.compression == nil ? file.byteCount : 0)
    }
    try await write(tensors.files.indices, to: files, writing)
    return Written(files: files, digests: digests, toleratedCount: writing.toleratedCount)
  }

  /// The name of a file in the output of that path.
  func name(of file: TensorFiles.File, in path: String) -> String {
    file.name.text(in: path, isCompressed: options.compression != nil)
  }

  /// Writes files as the options say.
  ///
  /// - Parameters:
  ///   - numbers: Which of them.
  ///   - sinks: A place for each. A plain file comes in no order, and what lies between its tensors
  ///     is not brought; a compressed one comes front to back.
  /// - Returns: How many bytes each of them is to have.
  @discardableResult
  func write(
    _ numbers: Range<Int>, to sinks: [any ByteSink], _ writing: Writing
  ) async throws(FormatError) -> [Int] {
    guard let compression = options.compression else {
      try await writePlain(numbers, to: sinks, writing)
      return numbers.map { tensors.files[$0].byteCount }
    }
    var counts: [Int] = []
    for (number, sink) in zip(numbers, sinks) {
      let frames = FrameSink(level: compression.level, FrameAppender(to: sink))
      try await write(number, inOrderTo: sequence(ofFile: number, to: frames), writing)
      counts.append(try frames.finish())
    }
    return counts
  }

  private func writePlain(
    _ numbers: Range<Int>, to sinks: [any ByteSink], _ writing: Writing
  ) async throws(FormatError) {
    for (number, sink) in zip(numbers, sinks) {
      try sink.write(tensors.files[number].header, at: 0)
    }
    var run = writing.run
    run.passing = try model.passingFiles()
    let moves = model.isPassing ? movesInSourceOrder : tensors.moves
    try await Moving(
      run: run, outputs: sinks, firstOutput: numbers.lowerBound, hashing: writing.hashing,
      progress: writing.progress)(
        numbers == tensors.files.indices ? moves : moves.filter { numbers.contains($0.file) })
  }

  /// Writes one file front to back: its header, and then its tensors part by part, so that those of a
  /// tensor whose parts lie apart are read once for each of them.
  func write(
    _ number: Int, inOrderTo output: SequentialOutput, _ writing: Writing
  ) async throws(FormatError) {
    try output.write(tensors.files[number].header, at: 0)
    var run = writing.run
    run.passing = try model.passingFiles()
    run.sequence = output
    try await Moving(
      run: run, outputs: [output], firstOutput: number, hashing: writing.hashing,
      progress: writing.progress)(movesInOrder(ofFile: number))
  }

  /// What brings a file in order to what takes it.
  func sequence(ofFile number: Int, to sink: any SequentialSink) -> SequentialOutput {
    SequentialOutput(
      sink, ranges: ranges(ofFile: number), byteCount: tensors.files[number].byteCount)
  }

  /// What a file consists of, in order; between that lie zeros.
  func ranges(ofFile number: Int) -> [Range<Int>] {
    [0..<tensors.files[number].header.count] + movesInOrder(ofFile: number).map(\.range)
  }

  /// The parts of a file's tensors in the order in which they are written front to back.
  func movesInOrder(ofFile number: Int) -> [Move] {
    // What a stream makes in order is one file of tensors with one part each; see Conversion+Checks.swift.
    model.isPassing ? movesInSourceOrder : tensors.parts(ofFile: number)
  }
}
