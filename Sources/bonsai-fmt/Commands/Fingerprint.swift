import ArgumentParser
import Formats

struct Fingerprint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Identify the weights of a model, whatever layout holds them.",
    discussion: """
      Every layout of a model has the same fingerprint; one sign or one scale that differs gives \
      another. Specs/fingerprint.md says how it is computed.
      """)

  @Argument(help: "A GGUF file, a safetensors file or a model directory.")
  var model: String

  @Flag(help: "Show the digest of every tensor.")
  var tensors = false

  @Flag(help: "Write one JSON document, with every tensor.")
  var json = false

  @Flag(help: "Take MLX scales that miss -2 x bias by the last bit of a subnormal.")
  var tolerateSubnormal = false

  @OptionGroup var limiting: LimitOptions

  @OptionGroup var running: RunningOptions

  func validate() throws { try PathArgument.check(model) }

  func run() async throws {
    let budget = try running.budget()
    let limits = try limiting.limits()
    let fingerprint = try await Interruption.cancelling { [tolerateSubnormal, model] in
      try await Model(opening: model, limits: limits).fingerprint(
        budget: budget, toleratingSubnormals: tolerateSubnormal)
    }
    if json {
      return try Console.out.write(document: fingerprint.json(path: model))
    }
    for tensor in tensors ? fingerprint.tensors : [] {
      try Console.out.write(
        line: "\(tensor.digest.hex)  \(tensor.kind.rawValue)  \(tensor.name.escapedForDisplay)")
    }
    try Console.out.write(line: "\(fingerprint)")
  }
}
