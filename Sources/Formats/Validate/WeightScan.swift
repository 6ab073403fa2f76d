import Synchronization

/// Reads all weights that can be read, and counts what is odd about them.
struct WeightScan {
  let model: Model
  let budget: RunBudget

  /// - Throws: `io` and `cancelled`.
  func run(_ findings: inout Findings) async throws(FormatError) {
    if let file = model.files.first(where: {
      $0.source.access == .forward || $0.source.access == .once
    }) {
      findings.add(
        .weightsNotRead,
        FormatError(.unsupported, "the file is compressed without a seek table")
          .located(file: file.path))
      return
    }
    let tensors = model.tensors.filter(isReadable)
    let moves = tensors.map { Move(source: $0, target: $0) }
    let found = Found(count: tensors.count)
    do throws(FormatError) {
      let size = try budget.size { MemoryBound(scanning: moves, of: model, $0) }
      try await TileRun(reader: model.reader, size: size)(moves, as: { tensors[$0].layout }) {
        (work, tile, buffers) throws(FormatError) in
        try work.feed.fill(tile, &buffers)
        var counts = WeightCounts()
        counts.add(buffers.output, tile, of: work.move.source, &buffers.other)
        found.add(counts, work.number)
      }
    } catch {
      guard error.code.isAboutInput else { throw error }
      findings.add(
        error.code == .limit ? .beyondLimits : .unreadable, error.located(file: model.path))
    }
    for (tensor, counts) in zip(tensors, found.all) {
      counts.report(tensor, file(of: tensor), &findings)
    }
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

/// Counts that several tasks add to.
private final class Found: Sendable {
  private let counts: Mutex<[WeightCounts]>

  init(count: Int) { counts = Mutex(Array(repeating: WeightCounts(), count: count)) }

  func add(_ found: WeightCounts, _ number: Int) { counts.withLock { $0[number].add(found) } }

  var all: [WeightCounts] { counts.withLock { $0 } }
}
