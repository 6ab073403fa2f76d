/// What a conversion is going to do, known before a byte is written.
public struct ConversionOutline: Sendable {
  /// Tensors that go the same way.
  public struct Way: Sendable {
    /// What kind of tensor they are.
    public let kind: String
    /// From layout to layout.
    public let route: Route
    /// How many tensors go this way.
    public internal(set) var tensorCount: Int
    /// The weights in them.
    public internal(set) var weightCount: Int
  }

  /// A file of the output.
  public struct File: Sendable, Hashable {
    /// Its name in the output directory; that of the output, where it is one file.
    public let name: String
    /// Its size, or `nil` for the model card, which says what was proven.
    public let byteCount: Int?
  }

  /// The ways of the tensors, most weights first.
  public let ways: [Way]
  /// The files, those with tensors first.
  public let files: [File]
  /// Bytes that have to be free.
  public let neededByteCount: Int
  /// Bytes that are free where the output goes.
  public let freeByteCount: Int
  /// The most memory that the run takes, proof included.
  public let peakMemoryByteCount: Int
  /// What is not as one would expect, one sentence each.
  public let notes: [String]
}

extension Conversion {
  /// What ``run(to:progress:)`` would do for this path. Nothing is written, and no weights are read.
  public func outline(to path: String) throws(FormatError) -> ConversionOutline {
    var files = tensors.files.map {
      ConversionOutline.File(name: $0.name.text(in: path), byteCount: $0.byteCount)
    }
    for file in companions.files {
      var count = 0
      try file.write { (piece) throws(FormatError) in count += piece.count }
      files.append(.init(name: file.name, byteCount: count))
    }
    if let index = tensors.index {
      files.append(.init(name: SafetensorsIndex.fileName, byteCount: index.count))
    }
    if try companions.modelCard(proof: []) != nil {
      files.append(.init(name: "README.md", byteCount: nil))
    }
    return ConversionOutline(
      ways: try ways(), files: files, neededByteCount: neededByteCount,
      freeByteCount: try SystemCalls.freeBytes(Paths.parent(of: path)),
      peakMemoryByteCount: try MemoryBound(self).byteCount, notes: plan.notes)
  }

  private func ways() throws(FormatError) -> [ConversionOutline.Way] {
    var ways: [ConversionOutline.Way] = []
    for move in tensors.moves {
      let (source, target) = (move.source.layout, move.target.layout)
      let kind = source.groupSize == nil && move.source.shape.count < 2 ? "vectors" : "matrices"
      let index = ways.firstIndex {
        $0.kind == kind && $0.route.source == source && $0.route.target == target
      }
      if let index {
        ways[index].tensorCount += 1
        ways[index].weightCount += move.source.elementCount
      } else {
        let route = try ConversionGraph.standard.route(from: source, to: target)
        ways.append(
          .init(kind: kind, route: route, tensorCount: 1, weightCount: move.source.elementCount))
      }
    }
    return ways.sorted { $0.weightCount > $1.weightCount }
  }

  /// Reads all weights, and finds what the conversion would refuse or keep as it is.
  public func scan() async throws(FormatError) -> [ConversionRefusal] {
    let moves = tensors.moves.filter { $0.source.layout != $0.target.layout }
    do throws(FormatError) {
      let tallies = try await Scanning(run: makeRun())(moves)
      return zip(moves, tallies).compactMap { move, tally in
        tally.firstRefusal.map {
          ConversionRefusal(
            tensor: move.source.name, count: tally.refusedCount,
            isKept: move.source.layout.groupSize == nil && !options.isStrict, first: $0)
        }
      }
    } catch {
      throw error.located(file: model.path)
    }
  }
}

/// A tensor whose weights have no exact form in the layout that is wanted.
public struct ConversionRefusal: Sendable {
  /// The tensor's name in the source.
  public let tensor: String
  /// Groups, or values of a vector, that have none.
  public let count: Int
  /// Whether the tensor is kept as it is, rather than refused.
  public let isKept: Bool
  /// The first of them.
  public let first: FormatError
}
