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
