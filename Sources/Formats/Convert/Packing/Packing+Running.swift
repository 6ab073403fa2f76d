extension Packing {
  /// What a run needs beside the packing itself.
  struct Run: Sendable {
    let output: OutputTransaction
    let width: Int
    /// The largest window that a frame may ask for.
    let windowLimit: Int
    let progress: @Sendable (ConversionProgress) -> Void

    func counter(_ phase: ConversionProgress.Phase, total: Int) -> ByteCounter {
      ByteCounter(phase, total: total, report: progress)
    }
  }

  /// Writes the output, which gets its name when all of it is durable and proven.
  ///
  /// What was packed is read back, decompressed and compared with its source. What is unpacked has
  /// the checksums of its frames, where they have any, and the length that its header asks for.
  ///
  /// - Parameters:
  ///   - output: The file, or the directory, to make.
  ///   - replacing: Whether something that exists there may be replaced.
  ///   - budget: What it may take.
  ///   - progress: Told now and then, from any task.
  /// - Throws: ``FormatError``; also `cancelled`, when the surrounding task was.
  @discardableResult
  public func run(
    to output: String, replacing: Bool = false, budget: RunBudget = RunBudget(),
    progress: @escaping @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws(FormatError) -> PackingReport {
    let (size, windowLimit, shortage) = try bounds(budget)
    let transaction = try OutputTransaction(
      output, isDirectory ? .directory : .file, replacing: replacing,
      inputs: [path] + items.map(\.source.name))
    do throws(FormatError) {
      try transaction.checkSpace(for: knownByteCount)
      let run = Run(
        output: transaction, width: size.width, windowLimit: windowLimit, progress: progress)
      var files: [PackingReport.File] = []
      for item in items {
        let count = try await write(item, run)
        try item.source.checkUnchanged()
        files.append(
          .init(
            name: isDirectory ? item.outputName : Paths.name(of: output),
            sourceByteCount: item.source.byteCount ?? 0, byteCount: count,
            isChanged: item.isChanged))
        try Cancellation.check()
      }
      try checkUnchanged()
      let leftover = try transaction.commit()
      let rest = leftover.map { ["what was replaced could not be removed: \($0)"] } ?? []
      return PackingReport(
        files: files, notes: notes + (shortage.map { [$0.note] } ?? []) + rest)
    } catch {
      transaction.rollBack()
      throw error.unlessChanged(checkUnchanged)
    }
  }

  /// How much is done at once. Tables of frames are read for it.
  private func bounds(
    _ budget: RunBudget
  ) throws(FormatError) -> (size: RunSize, windowLimit: Int, shortage: ThreadShortage?) {
    do throws(FormatError) {
      let size = try budget.size(memoryBound)
      return (
        size, budget.windowLimit(try memoryBound(size)), try budget.shortage(size, memoryBound)
      )
    } catch {
      throw error.unlessChanged(checkUnchanged).located(file: path)
    }
  }

  private func checkUnchanged() throws(FormatError) {
    for item in items { try item.source.checkUnchanged() }
  }

  /// The bytes that will be written at least: how well something packs, and what a packed file
  /// holds, is known later. What is unpacked has its length checked before it is written.
  private var knownByteCount: Int {
    items.reduce(0) { $0 + ($1.isChanged ? 0 : $1.source.byteCount ?? 0) }
  }

  /// - Returns: The number of bytes written.
  private func write(_ item: Item, _ run: Run) async throws(FormatError) -> Int {
    guard item.isChanged else { return try copy(item, run) }
    switch direction {
    case .pack(let level): return try await pack(item, level, run)
    case .unpack: return try await unpack(item, run)
    }
  }

  private func copy(_ item: Item, _ run: Run) throws(FormatError) -> Int {
    let file = try run.output.create(item.outputName, byteCount: 0)
    var end = 0
    try RepositoryFile(copying: item.source, as: item.outputName).write {
      (piece) throws(FormatError) in
      try file.write(piece, at: end)
      end += piece.count
    }
    try file.seal()
    return end
  }
}
