import ArgumentParser
import Formats

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show everything in which two models differ: structure, metadata, weights.",
    discussion: """
      The exit status is 0 when nothing differs and 1 when something does; 'verify' asks for the \
      weights alone.
      """)

  @OptionGroup var options: ComparisonOptions

  func run() async throws {
    let found = try await options.compare { (first, second, budget, tolerant) in
      try await ModelDifference(first, second, budget: budget, toleratingSubnormals: tolerant)
    }
    let hasWeights = (try? found.weights.get()) != nil
    try options.tell(found.lines, found.json, isSame: found.isSame || !hasWeights)
    try Console.out.flush()
    // Said last, with the status that belongs to it: the rest of the answer stands.
    _ = try found.weights.get()
  }
}
