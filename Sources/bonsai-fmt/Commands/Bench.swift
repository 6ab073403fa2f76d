import ArgumentParser
import Formats

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine.")

  @Flag(help: "Measure the transforms between layouts, in memory and on one core.")
  var edges = false

  @Option(
    help: "Measure one transform only, FROM:TO, by running it this often: --edge A:B --count N.")
  var edge: String?

  @Option(help: "How often to run it.")
  var count = 100

  func run() throws {
    let transforms = ConversionGraph.standard.transforms.filter {
      edge == nil || edge == "\($0.source.name):\($0.target.name)"
    }
    for transform in transforms {
      guard let benchmark = EdgeBenchmark(transform) else { continue }
      let clock = ContinuousClock()
      var best = Duration.seconds(1000)
      for _ in 0..<(edge == nil ? 7 : 1) {
        let duration = clock.measure { benchmark.run(count) }
        best = min(best, duration)
      }
      let seconds = best / .seconds(1)
      let rate = Double(benchmark.byteCount * count) / seconds / 1e9
      let ns = seconds * 1e9 / Double(benchmark.weightCount * count)
      try Console.out.write(
        line:
          "\(transform.source.name) -> \(transform.target.name): \(Double(Int(rate * 100)) / 100) GB/s \(Double(Int(ns * 1000)) / 1000) ns/weight"
      )
    }
  }
}
