import ArgumentParser
import Formats

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show everything in which two models differ: structure, metadata, weights.",
    discussion: """
      The exit status is 0 when nothing differs and 1 when something does; 'verify' asks for the
      weights alone.
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
    let found = try await Interruption.cancelling { [first, second, tolerateSubnormal] in
      try await ModelDifference(
        Model(opening: first), Model(opening: second), width: width,
        toleratingSubnormals: tolerateSubnormal)
    }
    if json {
      try Console.out.write(document: found.json)
    } else if !running.quiet {
      for line in found.lines { try Console.out.write(line: line) }
    }
    if !found.isSame { throw ExitCode(1) }
  }
}
