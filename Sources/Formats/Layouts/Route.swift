/// A way through the graph.
public struct Route: Sendable {
  /// Where it begins.
  public let source: Layout
  /// Where it ends.
  public let target: Layout
  /// The transforms, in order; none where source and target are the same.
  public let steps: [Transform]

  /// The layouts on the way, both ends included.
  public var layouts: [Layout] { [source] + steps.map(\.target) }

  /// The least exact of the steps.
  public var exactness: Exactness { steps.map(\.exactness).min() ?? .lossless }
  /// Whether a step may refuse values.
  public var mayRefuse: Bool { steps.contains(where: \.mayRefuse) }

  /// The layout in which values have been rounded, or `nil` where no step rounds.
  public var roundedLayout: Layout? { steps.last { $0.exactness == .rounds }?.target }

  /// This way, and then another one from its end.
  func followed(by other: Route) -> Route {
    Route(source: source, target: other.target, steps: steps + other.steps)
  }

  /// Rewrites a tile.
  ///
  /// - Parameters:
  ///   - tile: Its place in the tensor.
  ///   - source: The packed tile in the route's first layout.
  ///   - target: Becomes the packed tile in the last layout.
  ///   - scratch: Holds what is between; grows as needed and is meant to be used again.
  ///   - tally: Counts what cannot be written. Steps after a refusal are left out.
  func apply(
    _ tile: Tile, from source: RawSpan, to target: inout MutableRawSpan,
    scratch: inout TileScratch, tally: inout Tally
  ) {
    // Without rows the columns can be as many as a number holds, and kernels go through them.
    guard !tile.isEmpty else { return }
    guard let last = steps.last else {
      target.copy(source, from: 0, count: target.byteCount, to: 0)
      return
    }
    guard steps.count > 1 else { return last.kernel(source, tile, &target, &tally) }
    steps[0].run(source, tile, into: &scratch.even, &tally)
    for (index, step) in steps.dropFirst().dropLast().enumerated() where tally.refusedCount == 0 {
      if index.isMultiple(of: 2) {
        scratch.even.withBytes { step.run($0, tile, into: &scratch.odd, &tally) }
      } else {
        scratch.odd.withBytes { step.run($0, tile, into: &scratch.even, &tally) }
      }
    }
    guard tally.refusedCount == 0 else { return }
    if steps.count.isMultiple(of: 2) {
      scratch.even.withBytes { last.kernel($0, tile, &target, &tally) }
    } else {
      scratch.odd.withBytes { last.kernel($0, tile, &target, &tally) }
    }
  }

  /// Rewrites a tile, or throws the first refusal.
  func apply(
    _ tile: Tile, from source: RawSpan, to target: inout MutableRawSpan, scratch: inout TileScratch
  ) throws(FormatError) {
    var tally = Tally()
    apply(tile, from: source, to: &target, scratch: &scratch, tally: &tally)
    try tally.check()
  }
}

/// Buffers between the steps of a route, kept from tile to tile.
struct TileScratch {
  var even: [UInt8] = []
  var odd: [UInt8] = []
}

extension Transform {
  fileprivate func run(
    _ source: RawSpan, _ tile: Tile, into buffer: inout [UInt8], _ tally: inout Tally
  ) {
    buffer.resize(to: target.byteCount(of: tile))
    buffer.withMutableBytes { kernel(source, tile, &$0, &tally) }
  }
}
