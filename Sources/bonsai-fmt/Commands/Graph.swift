import ArgumentParser
import Formats

struct Graph: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the layouts and the transforms between them.",
    discussion: """
      A conversion takes the most exact way, then the surest, then the shortest.
      """)

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(help: "Write the graph in the language of Graphviz.")
  var dot = false

  func validate() throws {
    guard !(json && dot) else { throw ValidationError("--json and --dot exclude each other.") }
  }

  func run() throws {
    let graph = ConversionGraph.standard
    if json { return try Console.out.write(document: graph.json) }
    if dot { return try Console.out.write(Array(graph.dot.utf8)) }
    var table = Table([.text("from"), .text("to"), .text("exactness"), .text("may refuse")])
    for edge in graph.transforms {
      table.add([
        edge.source.name, edge.target.name, edge.exactness.name, edge.mayRefuse ? "yes" : "no",
      ])
    }
    let width = max(Console.width ?? 80, 40)
    for line in table.lines(width: width, style: Style(isColored: Console.hasColor)) {
      try Console.out.write(line: line)
    }
  }
}
