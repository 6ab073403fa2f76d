extension Packing {
  func pack(_ item: Item, _ level: Int, _ run: Run) async throws(FormatError) -> Int {
    let source = item.source
    let total = source.byteCount ?? 0
    try Self.checkPlain(source)
    try Self.checkLength(total, try ModelFile(source, limits), source)
    let file = try run.output.create(item.outputName, byteCount: 0)
    let counter = run.counter(.packing, total: total)
    let count = try await SeekableWriter(level: level, width: run.width).write(
      source, byteCount: total, to: file, progress: counter.add)
    // The disk takes the last bytes while they are being read back; both must end well.
    async let sealing = resultOffPool { () throws(FormatError) in try file.seal() }
    let proof = await proof(item, byteCount: count, run)
    run.progress(ConversionProgress(phase: .syncing, done: count, total: count))
    try await sealing.get()
    try proof.get()
    return count
  }

  private static func checkPlain(_ source: FileSource) throws(FormatError) {
    guard ZstdFrameHeader.begins(try source.prefix(4)) else { return }
    throw FormatError(.usage, "is compressed already").located(file: source.name)
  }

  /// `async let` knows no typed errors; a result does.
  private func proof(
    _ item: Item, byteCount: Int, _ run: Run
  ) async -> Result<Void, FormatError> {
    do throws(FormatError) {
      let path = run.output.path(of: item.outputName)
      return .success(try await prove(path, against: item.source, byteCount: byteCount, run))
    } catch {
      return .failure(error)
    }
  }

  /// Reads what was written as anybody would, and compares it with the source.
  private func prove(
    _ path: String, against source: FileSource, byteCount: Int, _ run: Run
  ) async throws(FormatError) {
    let packed = try FileSource(path: path)
    let total = source.byteCount ?? 0
    guard let table = try SeekTable(of: packed, limits: limits), table.byteCount == total,
      packed.byteCount == byteCount
    else {
      throw FormatError(.proofFailed, "what was written is not of the length that it should be")
        .located(file: path)
    }
    let written = SeekableSource(packed, table)
    let counter = run.counter(.proving, total: total)
    try await runJobs(table.count, width: run.width, buffers: { (FrameBuffers(), [UInt8]()) }) {
      (index, buffers) throws(FormatError) in
      let range = table[index].content
      do throws(FormatError) {
        try written.read(frame: index, into: &buffers.0)
        try source.read(range, into: &buffers.1)
        guard buffers.0.content.hasSameBytes(as: buffers.1) else {
          throw FormatError(.proofFailed, "what was written differs from the source")
        }
      } catch  where error.code == .malformed || error.code == .truncated {
        throw FormatError(.proofFailed, "what was written cannot be read back: \(error)")
      } catch {
        throw error.located(file: path)
      }
      counter.add(range.count)
    }
  }

  /// Compares a length with what the header of the content asks for.
  ///
  /// - Parameter isWhole: Whether all of the content has been counted.
  static func checkLength(
    _ count: Int, isWhole: Bool = true, _ file: ModelFile, _ source: any ByteSource
  ) throws(FormatError) {
    let counts = try file.byteCounts()
    let more = isWhole ? "\(count - counts.upperBound) more" : "more"
    guard count >= counts.lowerBound else {
      throw FormatError(
        .truncated, "the header asks for \(counts.lowerBound) bytes, there are \(count)",
        at: count
      ).located(file: source.name)
    }
    guard count <= counts.upperBound else {
      throw FormatError(
        .malformed,
        "the header describes \(counts.upperBound) bytes, and \(more) follow",
        at: counts.upperBound
      ).located(file: source.name)
    }
  }
}
