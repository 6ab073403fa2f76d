import Synchronization

/// Reads tensors to the end and counts what has no exact form in the layout wanted, writing nothing.
struct Scanning: Sendable {
  let run: TileRun

  /// - Returns: What was found in each of the moves.
  /// - Throws: `io`, `truncated` or `cancelled`.
  func callAsFunction(_ moves: [Move]) async throws(FormatError) -> [Tally] {
    // Each tensor is read the way it lies: refusals do not depend on where the tiles end.
    let inPlace = moves.map { Move(source: $0.source, target: $0.source) }
    let wanted = moves.map { $0.target.layout.isTransposed ? .q1_0 : $0.target.layout }
    let found = Tallies(Array(repeating: Tally(), count: moves.count))
    try await run(inPlace, as: { wanted[$0] }) { (work, tile, buffers) throws(FormatError) in
      found.add(try work.feed.tally(tile, &buffers), work.number)
    }
    return found.all
  }
}

/// Tallies that several tasks add to.
private final class Tallies: Sendable {
  private let tallies: Mutex<[Tally]>

  init(_ tallies: [Tally]) { self.tallies = Mutex(tallies) }

  func add(_ tally: Tally, _ number: Int) { tallies.withLock { $0[number].add(tally) } }

  var all: [Tally] { tallies.withLock { $0 } }
}
