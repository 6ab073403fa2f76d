import ArgumentParser
import Formats

struct Validate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List everything that is wrong with a model, for the formats or for an engine.",
    discussion: """
      Headers, index, configuration and weights are looked at, and what is wrong \
      is listed with an id that 'bonsai-fmt explain' knows. The exit status is 1 \
      when anything is as bad as --fail-on says, and 65 when no header can be read.
      """)

  enum Threshold: String, ExpressibleByArgument, CaseIterable {
    case warning, error
  }

  @Argument(help: "A GGUF file, a safetensors file or a model directory.")
  var model: String

  @Option(help: "For whom: spec, llama.cpp, transformers, vllm or mlx. Repeatable.")
  var profile: [Profile] = [.spec]

  @Option(help: "What makes the exit status 1: error or warning.")
  var failOn = Threshold.error

  @Flag(name: .customLong("no-weights"), help: "Read headers and documents, and no weights.")
  var leavesWeights = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var limiting: LimitOptions

  @OptionGroup var running: RunningOptions

  func validate() throws {
    try PathArgument.check(model)
  }

  func run() async throws {
    var options = Validation.Options()
    options.profiles = profile
    options.readsWeights = !leavesWeights
    options.limits = try limiting.limits()
    options.budget = try running.budget()
    let validation = try await Interruption.cancelling { [model, options] in
      try await Validation(of: model, options)
    }
    if json {
      try Console.out.write(document: validation.json)
    } else if !running.quiet, validation.failure == nil || validation.findings.count > 1 {
      let style = Style(isColored: Console.hasColor)
      for line in validation.lines(style) { try Console.out.write(line: line) }
    }
    if let failure = validation.failure {
      try Console.out.flush()
      throw failure
    }
    let limit: Rule.Severity = failOn == .error ? .error : .warning
    if let worst = validation.worst, worst >= limit { throw ExitCode(1) }
  }
}
