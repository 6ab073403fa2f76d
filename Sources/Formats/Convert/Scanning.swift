import Synchronization

/// Reads tensors to the end and counts what has no exact form in the layout wanted, writing nothing.
struct Scanning: Sendable {
  let run: TileRun

  /// - Returns: What was found in each of the moves.
  /// - Throws: `io`, `truncated` or `cancelled`.
  func callAsFunction(_ moves: [Move]) async throws(FormatError) -> [Tally] {
    // Each tensor is read the way it lies: refusals do not depend on where the tiles end.
    let inPlace = moves.map { Move(source: $0.source, target: $0.source) }
    let wanted = Dictionary(
      moves.map {
        (ByteString($0.source.name), $0.target.layout.isTransposed ? .q1_0 : $0.target.layout)
      },
      uniquingKeysWith: { first, _ in first })
    let found = Tallies(Array(repeating: Tally(), count: moves.count))
    let numbers = Dictionary(
      zip(moves.map { ByteString($0.source.name) }, moves.indices),
      uniquingKeysWith: { first, _ in first })
    try await run(inPlace, as: { wanted[ByteString($0.source.name)] ?? $0.source.layout }) {
      (move, feed, tile, buffers) throws(FormatError) in
      let tally = try feed.tally(tile, &buffers)
      if let number = numbers[ByteString(move.source.name)] { found.add(tally, number) }
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
