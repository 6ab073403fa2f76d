import ArgumentParser
import Formats

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the weights of two models, across layouts and containers.",
    discussion: """
      Tensors are compared by their Hugging Face names, and those that differ are listed.
      The exit status is 0 when all weights are the same and 1 when they are not.
      """)

  @Argument(help: "A GGUF file, a safetensors file or a model directory.")
  var first: String

  @Argument(help: "Another one.")
  var second: String

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(help: "Take MLX scales that miss -2 x bias by the last bit of a subnormal.")
  var tolerateSubnormal = false

  @OptionGroup var running: RunningOptions

  func run() async throws {
    let width = try running.width()
    let comparison = try await Interruption.cancelling { [tolerateSubnormal, first, second] in
      try await WeightComparison(
        Model(opening: first), Model(opening: second), width: width,
        toleratingSubnormals: tolerateSubnormal)
    }
    if json {
      try Console.out.write(document: comparison.json)
    } else if !running.quiet {
      for line in comparison.lines { try Console.out.write(line: line) }
    }
    if !comparison.isSame { throw ExitCode(1) }
  }
}
