extension ConversionGraph {
  /// The layouts, in the order of the edges.
  public var layouts: [Layout] {
    var found: [Layout] = []
    for layout in transforms.flatMap({ [$0.source, $0.target] }) where !found.contains(layout) {
      found.append(layout)
    }
    return found
  }

  /// The graph as a document; Specs/exactness.md §4.
  public var json: JSONValue {
    [
      "schema": "bonsai-fmt/graph/1",
      "layouts": .array(
        layouts.map {
          ["name": .string($0.name), "bits_per_weight": .number("\($0.bitsPerWeight)")]
        }
      ),
      "edges": .array(
        transforms.map {
          [
            "from": .string($0.source.name), "to": .string($0.target.name),
            "exactness": .string($0.exactness.name), "may_refuse": .bool($0.mayRefuse),
          ]
        }),
    ]
  }

  /// The graph in the language of Graphviz; edges that may refuse are dashed.
  public var dot: String {
    let edges = transforms.map { edge in
      "  \"\(edge.source.name)\" -> \"\(edge.target.name)\" "
        + "[label=\"\(edge.exactness.name)\"\(edge.mayRefuse ? ", style=dashed" : "")];\n"
    }
    return "digraph layouts {\n\(edges.joined())}\n"
  }
}

extension Exactness {
  /// The name in reports.
  public var name: String {
    switch self {
    case .rounds: "rounds"
    case .sameValues: "same values"
    case .lossless: "lossless"
    }
  }
}
