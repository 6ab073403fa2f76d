import ArgumentParser
import Formats

struct Sample: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make up a 1-bit GGUF in the shape of a published model.",
    discussion: """
      Signs and scales are random, equal seeds give equal files. The vocabulary has the published \
      size and is made up as well: the model says nothing, but every command can be tried on it.
      """)

  enum Shape: String, ExpressibleByArgument, CaseIterable {
    case micro
    case small = "1.7b"
    case medium = "4b"
    case large = "8b"
  }

  @Option(help: "The dimensions.")
  var shape: Shape = .micro

  @Option(help: "What the random numbers begin with.")
  var seed: UInt64 = 1

  @Option(name: .shortAndLong, help: "The file to make; - for standard output.")
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  @OptionGroup var running: RunningOptions

  func validate() throws {
    guard output != "-" || !force else {
      throw ValidationError("--force needs an output that stays where it is.")
    }
  }

  func run() async throws {
    guard let shape = SampleShape.all.first(where: { $0.name == shape.rawValue }) else { return }
    let sample = try Formats.Sample(shape, seed: seed)
    let budget = try running.budget()
    let descriptor = try output == "-" ? Console.modelDescriptor() : nil
    try await Interruption.cancelling { [output, force] in
      if let descriptor {
        try await sample.write(toDescriptor: descriptor, name: Console.out.name, budget: budget)
      } else {
        try await sample.write(to: output, replacing: force, budget: budget)
      }
    }
    guard !running.quiet else { return }
    try Console.report { () throws(FormatError) in
      try (descriptor == nil ? Console.out : Console.error).write(
        line: "\(output.escapedForDisplay): \(Quantity.bytes(sample.byteCount)), "
          + "shape \(shape.name), seed \(seed)")
    }
  }
}
