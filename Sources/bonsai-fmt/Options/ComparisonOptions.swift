import ArgumentParser
import Formats

/// What the commands that compare two models take.
struct ComparisonOptions: ParsableArguments {
  @Argument(help: "A GGUF file, a safetensors file or a model directory.")
  var first: String

  @Argument(help: "Another one.")
  var second: String

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(help: "Take MLX scales that miss -2 x bias by the last bit of a subnormal.")
  var tolerateSubnormal = false

  @OptionGroup var limiting: LimitOptions

  @OptionGroup var running: RunningOptions

  func validate() throws { try PathArgument.check(first, second) }

  /// Opens both models and compares them.
  func compare<Comparison: Sendable>(
    _ compare: @escaping @Sendable (Model, Model, RunBudget, Bool) async throws -> Comparison
  ) async throws -> Comparison {
    let budget = try running.budget()
    let limits = try limiting.limits()
    return try await Interruption.cancelling { [first, second, tolerateSubnormal] in
      try await compare(
        Model(opening: first, limits: limits), Model(opening: second, limits: limits), budget,
        tolerateSubnormal)
    }
  }

  /// Says what was found, and leaves with 1 where the models are not the same.
  func tell(_ lines: [String], _ document: JSONValue, isSame: Bool) throws {
    if json {
      try Console.out.write(document: document)
    } else if !running.quiet {
      for line in lines { try Console.out.write(line: line) }
    }
    if !isSame { throw ExitCode(1) }
  }
}
