import ArgumentParser
import Formats

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure on this machine what conversions cost.",
    discussion: """
      A sample is made up, converted there and back, fingerprinted and inspected, each in a process \
      of its own and beside a yardstick in the same run: plain writing of as many bytes, made \
      durable; reading the input; SHA-256 of the file. What was made is removed, also when stopped. \
      The output is a table in Markdown: medians, with the smallest and the largest in brackets.
      """)

  enum Shape: String, ExpressibleByArgument, CaseIterable {
    case micro
    case small = "1.7b"
    case medium = "4b"
    case large = "8b"
  }

  @Option(help: "The shape of the sample; 1.7b unless given.")
  var shape: Shape?

  @Option(help: "How often everything is measured; 7 times unless given.")
  var runs: Int?

  @Option(
    name: .customLong("in"), help: "A directory with room for it; the current one unless given.")
  var folder: String?

  @Flag(help: "Measure the transforms between layouts alone, in memory and on one core.")
  var edges = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing of what is being done.")
  var quiet = false

  func validate() throws {
    guard runs ?? 1 > 0 else { throw ValidationError("--runs must be 1 or more.") }
    guard !edges || shape == nil && runs == nil && folder == nil else {
      throw ValidationError(
        "--edges takes no sample: --shape, --runs and --in do not belong to it.")
    }
  }

  func run() async throws {
    if edges {
      let view = EdgeView(edges: EdgeBenchmark.all)
      return json
        ? try Console.out.write(document: view.json)
        : try view.lines.forEach { try Console.out.write(line: $0) }
    }
    let (shape, runs) = (shape ?? .small, runs ?? 7)
    let rows = try await Interruption.cancelling { [folder, quiet] in
      try await benchmark(shape, runs, quiet)(in: folder ?? ".")
    }
    let view = BenchmarkView(
      rows: rows, shape: shape.rawValue, runCount: runs,
      machine: Machine.description(processorCount: Console.processorCount))
    if json { return try Console.out.write(document: view.json) }
    for line in view.lines { try Console.out.write(line: line) }
  }

  private func benchmark(
    _ shape: Shape, _ runs: Int, _ quiet: Bool
  ) throws(FormatError) -> ModelBenchmark {
    guard let shape = SampleShape.all.first(where: { $0.name == shape.rawValue }),
      let program = CommandLine.arguments.first
    else { throw FormatError(.usage, "there is no such shape") }
    return ModelBenchmark(shape, runCount: runs, program: program) {
      if !quiet { Console.error.say($0) }
    }
  }
}
