import ArgumentParser
import Formats

/// Runs one transform and says nothing, for `Scripts/check-edges`, which counts its instructions.
///
/// By itself and without tasks, whose threads valgrind does not survive.
struct RunEdge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one transform.", shouldDisplay: false)

  @Argument(help: "Its name: 'bench --edges' lists them.")
  var edge: String

  @Option(help: "How often to run it.")
  var count = 100

  func run() throws {
    guard let benchmark = EdgeBenchmark.all.first(where: { $0.name == edge }) else {
      let names = EdgeBenchmark.all.map(\.name).joined(separator: ", ")
      throw FormatError(.usage, "there is no edge '\(edge.quoted())'; there are \(names)")
    }
    benchmark.run(count)
  }
}
