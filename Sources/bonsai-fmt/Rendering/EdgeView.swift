import Formats

/// How fast transforms are, as a table and as a document.
struct EdgeView {
  private let figures:
    [(name: String, weights: Int, gigabytesPerSecond: Double, nanoseconds: Double)]

  /// Measures.
  init(edges: [EdgeBenchmark]) {
    figures = edges.map { edge in
      let seconds = edge.secondsPerTile()
      return (
        edge.name, edge.weightCount, Double(edge.byteCount) / seconds / 1e9,
        seconds * 1e9 / Double(edge.weightCount)
      )
    }
  }

  var lines: [String] {
    ["| edge | GB/s | ns per weight |", "|---|---|---|"]
      + figures.map {
        "| \($0.name) | \(Quantity.decimal($0.gigabytesPerSecond, places: 2)) "
          + "| \(Quantity.decimal($0.nanoseconds, places: 3)) |"
      }
  }

  var json: JSONValue {
    [
      "schema": "bonsai-fmt/bench-edges/1",
      "edges": .array(
        figures.map {
          [
            "name": .string($0.name), "weights": .integer($0.weights),
            "gb_per_second": .number("\($0.gigabytesPerSecond)"),
            "ns_per_weight": .number("\($0.nanoseconds)"),
          ]
        }),
    ]
  }
}
