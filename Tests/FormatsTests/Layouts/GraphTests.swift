import Testing

@testable import Formats

@Suite("Edges of the graph decide where a conversion goes")
struct GraphTests {
  private func names(_ route: Route?) -> [String]? { route?.layouts.map(\.name) }

  private func without(_ edge: Transform) -> ConversionGraph {
    ConversionGraph(Layouts.transforms.filter { !isSame($0, edge) })
  }

  private func isSame(_ one: Transform, _ other: Transform) -> Bool {
    one.source == other.source && one.target == other.target && one.exactness == other.exactness
  }

  private func steps(_ route: Route?) -> [String]? { route?.steps.map(\.testDescription) }

  @Test(
    "Without an edge, every route that took it is refused or another",
    arguments: Layouts.transforms)
  func removedEdge(edge: Transform) {
    let smaller = without(edge)
    for source in Layouts.all {
      for target in Layouts.all {
        let before = try? ConversionGraph.standard.route(from: source, to: target)
        let after = try? smaller.route(from: source, to: target)
        let isOnTheWay = before?.steps.contains { isSame($0, edge) } == true
        #expect((steps(after) != steps(before)) == isOnTheWay)
        #expect(before?.exactness != .rounds && after?.exactness != .rounds)
      }
    }
  }

  @Test(
    "Without an edge that rounds, every rounding route that took it is refused or another",
    arguments: Layouts.transforms.filter { $0.exactness == .rounds })
  func removedRounding(edge: Transform) throws {
    let smaller = without(edge)
    var count = 0
    for source in Layouts.all {
      for target in Layouts.all {
        let before = try? ConversionGraph.standard.roundingRoute(from: source, to: target)
        guard before?.steps.contains(where: { isSame($0, edge) }) == true else { continue }
        count += 1
        let after = try? smaller.roundingRoute(from: source, to: target)
        #expect(steps(after) != steps(before))
      }
    }
    #expect(count > 0)
  }

  @Test(
    "Where rounding is asked for, it takes the place of the transform that would refuse",
    arguments: [
      (Layout.f16, Layout.q1_0, ["F16", "Q1_0"], Layout.q1_0),
      (.f32, .q1_0, ["F32", "Q1_0"], .q1_0),
      (.bf16, .awq, ["BF16", "F32", "Q1_0", "AWQ-INT4"], .q1_0),
      (.bf16, .f16, ["BF16", "F32", "F16"], .f16), (.f16, .f32, ["F16", "F32"], nil),
      (.awq, .f16, ["AWQ-INT4", "Q1_0", "F16"], nil),
      (.mlx1Group64, .q1_0, ["MLX-1bit-g64", "Q1_0"], nil),
    ] as [(Layout, Layout, [String], Layout?)])
  func rounding(source: Layout, target: Layout, way: [String], rounded: Layout?) throws {
    let route = try ConversionGraph.standard.roundingRoute(from: source, to: target)
    #expect(names(route) == way)
    #expect(route.roundedLayout == rounded)
    #expect((route.exactness == .rounds) == (rounded != nil))
    // A second rounding on the way would not be the rounding of the source.
    #expect(route.steps.filter { $0.exactness == .rounds }.count < 2)
  }

  @Test func theMostExactThenTheSurestThenTheShortest() throws {
    let nodes = (0..<4).map { Layout("n\($0)", parts: []) }
    func edge(_ from: Int, _ to: Int, _ exactness: Exactness, mayRefuse: Bool) -> Transform {
      Transform(nodes[from], to: nodes[to], exactness, mayRefuse: mayRefuse) { _, _, _, _ in }
    }
    var edges = [edge(0, 3, .rounds, mayRefuse: false)]
    func route(keeping floor: Exactness) throws -> [String]? {
      names(try ConversionGraph(edges).route(from: nodes[0], to: nodes[3], keeping: floor))
    }
    #expect(try route(keeping: .rounds) == ["n0", "n3"])
    #expect(throws: FormatError.self) { try route(keeping: .sameValues) }
    edges += [edge(0, 1, .sameValues, mayRefuse: true), edge(1, 3, .sameValues, mayRefuse: true)]
    #expect(try route(keeping: .rounds) == ["n0", "n1", "n3"])
    edges += [edge(0, 2, .sameValues, mayRefuse: false), edge(2, 3, .sameValues, mayRefuse: false)]
    #expect(try route(keeping: .sameValues) == ["n0", "n2", "n3"])
    edges.append(edge(0, 3, .lossless, mayRefuse: true))
    #expect(try route(keeping: .sameValues) == ["n0", "n3"])
  }
}
