import Synchronization

/// Reads tensors of two models side by side, whichever way each of them lies.
struct Comparing: Sendable {
  private let readers: (first: TileReader, second: TileReader)
  private let tensors: (first: [ByteString: Tensor], second: [ByteString: Tensor])
  private let size: RunSize
  private let tolerance: SubnormalTolerance?

  init(
    _ first: Model, _ second: Model, size: RunSize, tolerance: SubnormalTolerance?
  ) throws(FormatError) {
    self.tolerance = tolerance
    readers = (first.reader, second.reader)
    tensors = (try Self.byName(first), try Self.byName(second))
    self.size = size
  }

  private static func byName(_ model: Model) throws(FormatError) -> [ByteString: Tensor] {
    try ConversionSource.checkUncompressed(model)
    return Dictionary(
      try model.canonicalTensors().map { (ByteString($0.name), $0.tensor) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter pairs: Tensors of one name and shape.
  /// - Returns: What differs between each two of them.
  func callAsFunction(
    _ pairs: [(Fingerprint.Tensor, Fingerprint.Tensor)]
  ) async throws(FormatError) -> [WeightComparison.Difference] {
    var result: [WeightComparison.Difference] = []
    for (one, other) in pairs {
      guard let first = tensors.first[ByteString(one.name)],
        let second = tensors.second[ByteString(other.name)]
      else { continue }
      let layout: Layout = one.kind == .oneBit && other.kind == .oneBit ? .q1_0 : .f32
      let move = Self.move(first, second)
      let found =
        move.source == first
        ? try await compare(move, readers.first, readers.second, as: layout)
        : try await compare(move, readers.second, readers.first, as: layout)
      result.append(.init(name: one.name, kind: .values(found)))
    }
    return result
  }

  /// Which of two tensors is read in tiles of the other.
  ///
  /// What is held as a stage has to be 1-bit; what lies the other way round always is.
  static func move(_ first: Tensor, _ second: Tensor) -> Move {
    second.layout.isTransposed
      ? Move(source: second, target: first) : Move(source: first, target: second)
  }

  private func compare(
    _ move: Move, _ reader: TileReader, _ otherReader: TileReader, as layout: Layout
  ) async throws(FormatError) -> ValueDifferences {
    let sum = Sum()
    let run = TileRun(reader: reader, size: size, tolerance: tolerance)
    let feed = try TileFeed(move.target, otherReader, as: layout, tolerance)
    try await run([move], as: { _ in layout }) {
      (work, tile, buffers) throws(FormatError) in
      try feed.fill(tile, &buffers)
      swap(&buffers.output, &buffers.other)
      try work.feed.fill(tile, &buffers)
      sum.add(
        layout == .q1_0
          ? ValueDifferences(blocks: buffers.output, buffers.other)
          : ValueDifferences(values: buffers.output, buffers.other))
    }
    return sum.value
  }
}

/// What several tasks add to.
private final class Sum: Sendable {
  private let state = Mutex(ValueDifferences())

  func add(_ found: ValueDifferences) { state.withLock { $0.add(found) } }

  var value: ValueDifferences { state.withLock { $0 } }
}
