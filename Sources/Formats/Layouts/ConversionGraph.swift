import Synchronization

/// Layouts and the transforms between them, searched for the best way from one to another.
public struct ConversionGraph: Sendable {
  /// The edges.
  public let transforms: [Transform]
  private let found = FoundRoutes()

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
    let ends = FoundRoutes.Ends(source: source, target: target, floor: floor)
    if let route = found[ends] { return route }
    let route = try search(from: source, to: target, keeping: floor)
    found[ends] = route
    return route
  }

  private func search(
    from source: Layout, to target: Layout, keeping floor: Exactness
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

  /// The way for values that have no exact form in the target: where a transform that rounds stands
  /// beside one that would refuse them, it takes its place.
  ///
  /// - Throws: `unsupported` when there is no way.
  public func roundingRoute(
    from source: Layout, to target: Layout
  ) throws(FormatError) -> Route {
    let rounding = transforms.filter { $0.exactness == .rounds }
    let usable = transforms.filter { edge in
      edge.exactness == .rounds
        || !rounding.contains { $0.source == edge.source && $0.target == edge.target }
    }
    return try ConversionGraph(usable).route(from: source, to: target, keeping: .rounds)
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

/// Routes that were asked for before: a model asks for the same few for each of its tensors.
private final class FoundRoutes: Sendable {
  struct Ends: Hashable {
    let source: Layout
    let target: Layout
    let floor: Exactness
  }

  private let routes = Mutex<[Ends: Route]>([:])

  subscript(_ ends: Ends) -> Route? {
    get { routes.withLock { $0[ends] } }
    set { routes.withLock { $0[ends] = newValue } }
  }
}
