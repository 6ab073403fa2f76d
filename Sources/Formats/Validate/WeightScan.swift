import Synchronization

/// Reads all weights that can be read, and counts what is odd about them.
struct WeightScan {
  let model: Model
  let budget: RunBudget

  /// - Throws: `io` and `cancelled`.
  func run(_ findings: inout Findings) async throws(FormatError) {
    let passing = model.files.indices.filter {
      [.forward, .once].contains(model.files[$0].source.access)
    }
    if let first = passing.first {
      findings.add(
        .weightsNotRead,
        FormatError(.unsupported, "the file is compressed without a seek table")
          .located(file: model.files[first].path))
      for number in passing { try checkIsThere(number, &findings) }
      return
    }
    let tensors = model.tensors.filter(isReadable)
    let moves = tensors.map { Move(source: $0, target: $0) }
    let found = Found(count: tensors.count)
    do throws(FormatError) {
      let size = try budget.size { MemoryBound(scanning: moves, of: model, $0) }
      try await TileRun(reader: model.reader, size: size)(moves, as: { tensors[$0].layout }) {
        (work, tile, buffers) throws(FormatError) in
        do throws(FormatError) {
          try work.feed.fill(tile, &buffers)
        } catch {
          guard error.code.isAboutInput else { throw error }
          return found.add(error, at: tile, work.number)
        }
        var counts = WeightCounts()
        counts.add(buffers.output, tile, of: work.move.source, &buffers.other)
        found.add(counts, work.number)
      }
    } catch {
      guard error.code.isAboutInput else { throw error }
      report(error, &findings)
    }
    for (tensor, found) in zip(tensors, found.all) {
      if let error = found.error { report(error, &findings) }
      found.counts.report(tensor, file(of: tensor), &findings)
    }
  }

  /// What goes by once is read to the end of its tensors: that shows whether it is whole.
  private func checkIsThere(
    _ number: Int, _ findings: inout Findings
  ) throws(FormatError) {
    let file = model.files[number]
    _ = try findings.surviving(
      file: file.path, rule: { $0.code == .limit ? .beyondLimits : .unreadable }
    ) { (_) throws(FormatError) in
      let end = try model.byteCounts(ofFile: number).lowerBound
      // One byte more, so that the end of the last frame is looked at.
      var last: [UInt8] = [0, 0]
      let count = try last.withMutableBytes { (span) throws(FormatError) in
        try file.source.read(at: max(end - 1, 0), into: &span)
      }
      guard count > 0 || end == 0 else {
        throw FormatError(.truncated, "needed \(end) bytes of content, the file ends before them")
      }
    }
  }

  private func report(_ error: FormatError, _ findings: inout Findings) {
    findings.add(
      error.code == .limit ? .beyondLimits : .unreadable, error.located(file: model.path))
  }

  /// Whether a tensor's weights mean something, and are there.
  private func isReadable(_ tensor: Tensor) -> Bool {
    guard WeightCounts.isKnown(tensor.layout), tensor.layout.fits(tensor.matrix) else {
      return false
    }
    return zip(tensor.layout.parts, tensor.parts).allSatisfy { part, stored in
      let end = model.files[stored.file].source.byteCount ?? .max
      return stored.info.range.upperBound <= end
        && stored.info.range.count == part.byteCount(of: tensor.matrix)
    }
  }

  private func file(of tensor: Tensor) -> String {
    tensor.parts.first.map { model.files[$0.file].path } ?? model.path
  }
}

/// What several tasks find in tensors.
private final class Found: Sendable {
  struct InTensor {
    var counts = WeightCounts()
    /// The first place that cannot be read, whichever task came to it first.
    var error: FormatError?
    var errorStart = (row: Int.max, column: Int.max)
  }

  private let tensors: Mutex<[InTensor]>

  init(count: Int) { tensors = Mutex(Array(repeating: InTensor(), count: count)) }

  func add(_ found: WeightCounts, _ number: Int) {
    tensors.withLock { $0[number].counts.add(found) }
  }

  func add(_ error: FormatError, at tile: Tile, _ number: Int) {
    let start = (row: tile.rows.lowerBound, column: tile.columns.lowerBound)
    tensors.withLock { tensors in
      guard start < tensors[number].errorStart else { return }
      tensors[number].error = error
      tensors[number].errorStart = start
    }
  }

  var all: [InTensor] { tensors.withLock { $0 } }
}
