/// Reads all weights that can be read, and counts what is odd about them.
struct WeightScan {
  let model: Model
  let budget: RunBudget

  /// - Throws: `io` and `cancelled`; `limit` for memory that is not enough.
  func run(_ findings: inout Findings) async throws(FormatError) {
    let tensors = model.tensors.filter(isReadable)
    let found = FoundWeights(count: tensors.count)
    let passing = try findings.surviving(file: model.path) { (_) throws(FormatError) in
      try model.passingFiles()
    }
    guard let passing else { return }
    let pieces = WeightPiece.all(of: tensors, passing: Set(passing.keys))
    // What the caller allows says nothing about the model.
    let size = try budget.size {
      MemoryBound(scanning: pieces.map(\.move), of: model, passing.values, $0)
    }
    do throws(FormatError) {
      try await readAnyOrder(pieces.filter { passing[$0.file] == nil }, tensors, size, found)
      let windowLimit = budget.windowLimit(
        MemoryBound(scanning: pieces.map(\.move), of: model, passing.values, size))
      for (number, file) in passing.sorted(by: { $0.key < $1.key }) {
        file.source.limitWindow(to: windowLimit)
        let own = PassingScan.inOrder(pieces.filter { $0.file == number })
        let stop = try await readInPassing(file, own, tensors, size, found)
        try PassingEnd(model: model, number: number, file: file).report(stop, &findings)
        file.source.rest()
      }
      reportApart(pieces, tensors, found, &findings)
      if found.all.allSatisfy({ $0.error == nil }) { try model.checkFrames() }
    } catch {
      guard error.code.isAboutInput else { throw error }
      report(error, &findings)
    }
    for (tensor, found) in zip(tensors, found.all) {
      if let error = found.error { report(error, &findings) }
      found.counts.report(tensor, file(of: tensor), &findings)
    }
  }

  /// Pieces of files of which any byte can be read.
  private func readAnyOrder(
    _ pieces: [WeightPiece], _ tensors: [Tensor], _ size: RunSize, _ found: FoundWeights
  ) async throws(FormatError) {
    try await TileRun(reader: model.reader, size: size)(
      pieces.map(\.move), as: { pieces[$0].stored.layout }
    ) { (work, tile, buffers) throws(FormatError) in
      let piece = pieces[work.number]
      do throws(FormatError) {
        try work.feed.fill(tile, &buffers)
      } catch {
        guard error.code.isAboutInput else { throw error }
        return found.add(error, at: tile, piece.number)
      }
      found.add(tile, of: piece, tensors[piece.number], &buffers)
    }
  }

  /// Pieces of a file that is read front to back.
  ///
  /// - Returns: What there is in it that nobody can read past.
  private func readInPassing(
    _ file: PassingFile, _ pieces: [WeightPiece], _ tensors: [Tensor], _ size: RunSize,
    _ found: FoundWeights
  ) async throws(FormatError) -> FormatError? {
    let readable = pieces.filter { piece in
      do throws(FormatError) {
        var none: [UInt8] = []
        try piece.swapBytesIfBigEndian(&none)
        return true
      } catch {
        found.add(error, at: piece.stored.matrix.whole, piece.number)
        return false
      }
    }
    do throws(FormatError) {
      try await PassingScan(file: file, size: size)(readable) { (piece, tile, buffers) in
        found.add(tile, of: piece, tensors[piece.number], &buffers)
      }
      return nil
    } catch {
      guard error.code.isAboutInput else { throw error }
      return error
    }
  }

  /// What the parts of a weight tell only together, and where they lie apart.
  private func reportApart(
    _ pieces: [WeightPiece], _ tensors: [Tensor], _ found: FoundWeights, _ findings: inout Findings
  ) {
    let all = found.all
    let apart = pieces.filter { piece in
      guard piece.part == 0 else { return false }
      guard tensors[piece.number].layout.isAWQ else { return true }
      // Codes of 7 and 9 around 8 are ±d whatever the scale; groups of other sizes nobody looks at.
      let counts = all[piece.number].counts
      return tensors[piece.number].layout == .awq
        && counts.counts(.awqCode) + counts.counts(.awqZeroPoint) > 0
    }
    guard let first = apart.first else { return }
    findings.add(
      .weightsApart,
      FormatError(
        .unsupported,
        "whether the groups are ±d is not known of \(apart.count) weights: their parts go by one "
          + "after the other"
      ).located(file: model.files[first.file].path, tensor: tensors[first.number].name),
      count: apart.count)
  }

  private func report(_ error: FormatError, _ findings: inout Findings) {
    findings.add(
      error.code == .limit ? .beyondLimits : .unreadable, error.located(file: model.path))
  }

  /// Whether a tensor's weights mean something, and are there.
  private func isReadable(_ tensor: Tensor) -> Bool {
    let layout = tensor.layout
    guard WeightCounts.isKnown(layout) || !layout.scaleParts.isEmpty, layout.fits(tensor.matrix)
    else { return false }
    return zip(layout.parts, tensor.parts).allSatisfy { part, stored in
      let end = model.files[stored.file].source.byteCount ?? .max
      return stored.info.range.upperBound <= end
        && stored.info.range.count == part.byteCount(of: tensor.matrix)
    }
  }

  private func file(of tensor: Tensor) -> String {
    tensor.parts.first.map { model.files[$0.file].path } ?? model.path
  }
}
