/// Layouts and the transforms between them, searched for the best way from one to another.
public struct ConversionGraph: Sendable {
  /// The edges.
  public let transforms: [Transform]

  /// Makes a graph.
  public init(_ transforms: [Transform] = Layouts.transforms) { self.transforms = transforms }

  /// The graph of all transforms.
  public static let standard = ConversionGraph()

  /// The way from one layout to another: the most exact, then the surest, then the shortest.
  ///
  /// - Parameters:
  ///   - source: Where to begin.
  ///   - target: Where to end; a layout is reached from itself by an empty route.
  ///   - floor: What must be kept at least.
  /// - Throws: `unsupported` when there is no such way.
  public func route(
    from source: Layout, to target: Layout, keeping floor: Exactness = .sameValues
  ) throws(FormatError) -> Route {
    for exactness in Exactness.allCases.reversed() where exactness >= floor {
      for mayRefuse in [false, true] {
        let usable = transforms.filter {
          $0.exactness >= exactness && (mayRefuse || !$0.mayRefuse)
        }
        if let steps = Self.shortest(from: source, to: target, over: usable) {
          return Route(source: source, target: target, steps: steps)
        }
      }
    }
    throw FormatError(
      .unsupported, "there is no exact conversion from \(source.name) to \(target.name)")
  }

  /// Breadth-first: the graph has a dozen nodes.
  private static func shortest(
    from source: Layout, to target: Layout, over transforms: [Transform]
  ) -> [Transform]? {
    var routes: [(end: Layout, steps: [Transform])] = [(source, [])]
    var reached: Set<Layout> = [source]
    var next = 0
    while next < routes.count {
      let (end, steps) = routes[next]
      if end == target { return steps }
      for transform in transforms
      where transform.source == end && reached.insert(transform.target).inserted {
        routes.append((transform.target, steps + [transform]))
      }
      next += 1
    }
    return nil
  }
}

/// A way through the graph.
public struct Route: Sendable {
  /// Where it begins.
  public let source: Layout
  /// Where it ends.
  public let target: Layout
  /// The transforms, in order; none where source and target are the same.
  public let steps: [Transform]

  /// The least exact of the steps.
  public var exactness: Exactness { steps.map(\.exactness).min() ?? .lossless }
  /// Whether a step may refuse values.
  public var mayRefuse: Bool { steps.contains(where: \.mayRefuse) }

  /// Rewrites a tile.
  ///
  /// - Parameters:
  ///   - tile: Its place in the tensor.
  ///   - source: The packed tile in the route's first layout.
  ///   - target: Becomes the packed tile in the last layout.
  ///   - scratch: Holds what is between; grows as needed and is meant to be used again.
  func apply(
    _ tile: Tile, from source: RawSpan, to target: inout MutableRawSpan, scratch: inout TileScratch
  ) throws(FormatError) {
    guard let last = steps.last else {
      target.copy(source, from: 0, count: target.byteCount, to: 0)
      return
    }
    guard steps.count > 1 else { return try last.kernel(source, tile, &target) }
    try steps[0].run(source, tile, into: &scratch.even)
    for (index, step) in steps.dropFirst().dropLast().enumerated() {
      if index.isMultiple(of: 2) {
        try scratch.even.withBytes { (span) throws(FormatError) in
          try step.run(span, tile, into: &scratch.odd)
        }
      } else {
        try scratch.odd.withBytes { (span) throws(FormatError) in
          try step.run(span, tile, into: &scratch.even)
        }
      }
    }
    let between = steps.count.isMultiple(of: 2) ? scratch.even : scratch.odd
    try between.withBytes { (span) throws(FormatError) in try last.kernel(span, tile, &target) }
  }
}

/// Buffers between the steps of a route, kept from tile to tile.
struct TileScratch {
  var even: [UInt8] = []
  var odd: [UInt8] = []
}

extension Transform {
  fileprivate func run(
    _ source: RawSpan, _ tile: Tile, into buffer: inout [UInt8]
  ) throws(FormatError) {
    let count = target.byteCount(of: tile)
    buffer.resize(to: count)
    try buffer.withMutableBytes { (span) throws(FormatError) in
      try kernel(source, tile, &span)
    }
  }
}

extension [UInt8] {
  /// Makes the count exactly this, without giving memory back.
  mutating func resize(to newCount: Int) {
    if count > newCount {
      removeLast(count - newCount)
    } else if count < newCount {
      append(contentsOf: repeatElement(0, count: newCount - count))
    }
  }
}
