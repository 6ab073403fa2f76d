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
    /// Its size, or `nil` for what is compressed, and for the model card, which says what was proven.
    public let byteCount: Int?
    /// The most bytes that it can have, where it is compressed.
    public let largestByteCount: Int?

    init(name: String, byteCount: Int?, largestByteCount: Int? = nil) {
      self.name = name
      self.byteCount = byteCount
      self.largestByteCount = largestByteCount
    }
  }

  /// The ways of the tensors, most weights first.
  public let ways: [Way]
  /// The files, those with tensors first.
  public let files: [File]
  /// Bytes that have to be free; 0 for standard output.
  public let neededByteCount: Int
  /// Bytes that are free where the output goes; `nil` for standard output, and for a file system without
  /// a size.
  public let freeByteCount: Int?
  /// The most memory that the run takes, proof included.
  public let peakMemoryByteCount: Int
  /// How much of that is for the window of zstd frames that are read front to back.
  public let windowByteCount: Int
  /// How many threads are at work.
  public let threadCount: Int
  /// Whether fewer than were asked for.
  public let shortage: ThreadShortage?
  /// What is not as one would expect, one sentence each.
  public let notes: [String]
  /// Whether weights without an exact form are rounded.
  public let allowsRounding: Bool
  /// The tensors of which that is known without reading large ones.
  public let roundedTensors: [RoundedTensor]
}

extension Conversion {
  /// What ``run(to:progress:)`` would do for this path, or ``run(toDescriptor:name:progress:)`` where it
  /// is written front to back. Nothing is written, and no weights are read.
  ///
  /// - Throws: ``FormatError`` for what either would refuse before it begins.
  public func outline(
    to path: String, inOneStream: Bool = false
  ) throws(FormatError) -> ConversionOutline {
    if inOneStream {
      try checkStandardOutput()
    } else {
      try OutputTransaction.check(path, outputKind, replacing: options.replaces, inputs: inputs)
    }
    let isCompressed = options.compression != nil
    var files = tensors.files.map { file in
      let (name, count) = (name(of: file, in: path), file.byteCount)
      return isCompressed
        ? ConversionOutline.File(name: name, byteCount: nil, largestByteCount: Zstd.bound(count))
        : ConversionOutline.File(name: name, byteCount: count)
    }
    for file in companions.files {
      var count = 0
      try file.write { (piece) throws(FormatError) in count += piece.count }
      files.append(.init(name: file.name, byteCount: count))
    }
    if let index = tensors.index {
      files.append(.init(name: SafetensorsIndex.fileName, byteCount: index.count))
    }
    if try companions.modelCard(proof: [], output: path) != nil {
      files.append(.init(name: "README.md", byteCount: nil))
    }
    let memory = try MemoryBound(of: self, size)
    return ConversionOutline(
      ways: try ways(), files: files, neededByteCount: inOneStream ? 0 : neededByteCount,
      freeByteCount: inOneStream ? nil : try SystemCalls.freeBytes(Paths.parent(of: path)),
      peakMemoryByteCount: memory.byteCount, windowByteCount: memory.windowByteCount,
      threadCount: size.width, shortage: shortage,
      notes: plan.notes, allowsRounding: options.allowsRounding, roundedTensors: plan.roundedTensors
    )
  }

  private func ways() throws(FormatError) -> [ConversionOutline.Way] {
    var ways: [ConversionOutline.Way] = []
    for move in tensors.moves {
      let (source, target) = (move.source.layout, move.target.layout)
      let kind = source.groupSize == nil && move.source.shape.count < 2 ? "vectors" : "matrices"
      let index = ways.firstIndex {
        $0.kind == kind && $0.route.source == source && $0.route.target == target
          && $0.route.roundedLayout == move.source.roundedLayout
      }
      if let index {
        ways[index].tensorCount += 1
        ways[index].weightCount = ways[index].weightCount.saturatingSum(move.source.elementCount)
      } else {
        ways.append(
          .init(
            kind: kind, route: try move.source.route(to: target), tensorCount: 1,
            weightCount: move.source.elementCount))
      }
    }
    return ways.sorted { $0.weightCount > $1.weightCount }
  }
}
