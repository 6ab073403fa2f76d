import ArgumentParser
import Formats

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the weights of two models, across layouts and containers.",
    discussion: """
      Tensors are compared by their Hugging Face names, and those that differ are listed.
      The exit status is 0 when all weights are the same and 1 when they are not.
      """)

  @OptionGroup var options: ComparisonOptions

  func run() async throws {
    let comparison = try await options.compare { (first, second, budget, tolerant) in
      try await WeightComparison(first, second, budget: budget, toleratingSubnormals: tolerant)
    }
    try options.tell(comparison.lines, comparison.json, isSame: comparison.isSame)
  }
}
