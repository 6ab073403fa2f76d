import Testing

@testable import Formats

@Suite("Edges of the graph decide where a conversion goes")
struct GraphTests {
  private func names(_ route: Route?) -> [String]? { route?.layouts.map(\.name) }

  private func without(_ source: Layout, _ target: Layout) -> ConversionGraph {
    ConversionGraph(Layouts.transforms.filter { $0.source != source || $0.target != target })
  }

  @Test("Without an edge, every route that took it is refused or another", arguments: 0..<16)
  func removedEdge(number: Int) throws {
    let edge = try #require(Layouts.transforms.dropFirst(number).first)
    let smaller = without(edge.source, edge.target)
    for source in Layouts.all {
      for target in Layouts.all {
        let before = try? ConversionGraph.standard.route(from: source, to: target)
        let after = try? smaller.route(from: source, to: target)
        let took = before?.steps.contains {
          $0.source == edge.source && $0.target == edge.target
        }
        if took == true {
          #expect(names(after) != names(before))
        } else {
          #expect(names(after) == names(before))
        }
      }
    }
  }

  @Test func allEdgesAreTried() { #expect(Layouts.transforms.count == 16) }

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
