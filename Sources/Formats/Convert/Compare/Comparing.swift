import Synchronization

/// Reads tensors of two models side by side, whichever way each of them lies.
struct Comparing: Sendable {
  private let readers: (first: TileReader, second: TileReader)
  private let tensors: (first: [ByteString: Tensor], second: [ByteString: Tensor])
  private let width: Int
  private let tolerance: SubnormalTolerance?

  init(
    _ first: Model, _ second: Model, width: Int, tolerance: SubnormalTolerance?
  ) throws(FormatError) {
    self.tolerance = tolerance
    readers = (first.reader, second.reader)
    tensors = (try Self.byName(first), try Self.byName(second))
    self.width = width
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
      // What is held as a stage has to be 1-bit; what lies the other way round always is.
      let found =
        second.layout.isTransposed
        ? try await compare(second, readers.second, first, readers.first, as: layout)
        : try await compare(first, readers.first, second, readers.second, as: layout)
      result.append(.init(name: one.name, kind: .values(found)))
    }
    return result
  }

  private func compare(
    _ one: Tensor, _ reader: TileReader, _ other: Tensor, _ otherReader: TileReader,
    as layout: Layout
  ) async throws(FormatError) -> ValueDifferences {
    let sum = Sum()
    let run = TileRun(reader: reader, width: width, tolerance: tolerance)
    let feed = try TileFeed(other, otherReader, as: layout, tolerance)
    try await run([Move(source: one, target: other)], as: [layout]) {
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
