import ArgumentParser
import Formats

struct Convert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert a model into another layout, exactly, and prove it.",
    discussion: """
      The output appears under its name when it is complete, durable and proven equal to the
      source; whatever fails leaves nothing behind.
      """)

  @Argument(help: "A GGUF file, or a model directory: FP16, AWQ or MLX.")
  var input: String

  @Option(help: "The layout to convert to.")
  var to: ConversionTarget

  @Option(name: .shortAndLong, help: "The directory to make; for a GGUF, the file.")
  var output: String

  @Option(help: "The most bytes of tensor data in a file: 5GB, 500MiB, ...")
  var shardSize = "5GB"

  @Option(
    help: ArgumentHelp(
      "Copy the tokenizer from a directory in place of rebuilding it.", valueName: "dir"))
  var tokenizerFrom: String?

  @Flag(inversion: .prefixedNo, help: "Write a model card, README.md.")
  var modelCard = true

  @Flag(inversion: .prefixedNo, help: "Read back what was written and compare it with the source.")
  var verify = true

  @Flag(help: "Refuse dense weights that are not 1-bit, rather than keep them as they are.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "The pre-tokenizer's name in a GGUF, where its pattern is not known.", valueName: "name"))
  var pre: String?

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup var running: RunningOptions

  func run() async throws {
    var options = ConversionOptions()
    options.shardByteCount = try ByteSize(parsing: shardSize).byteCount
    options.verifies = verify
    options.writesModelCard = modelCard
    options.tokenizerDirectory = tokenizerFrom
    options.isStrict = strict
    options.preTokenizer = pre
    options.replaces = force
    options.width = try running.width()
    let progress = ProgressLine(isEnabled: !running.quiet && Console.showsProgress)
    defer { progress.clear() }
    let report = try await Interruption.cancelling { [input, output, options, to] in
      let conversion = try Conversion(of: Model(opening: input), to: to, options: options)
      return try await conversion.run(to: output, progress: progress.update)
    }
    progress.clear()
    if !running.quiet { try show(report) }
  }

  private func show(_ report: ConversionReport) throws(FormatError) {
    for note in report.notes { try Console.out.write(line: "note: \(note.escapedForDisplay)") }
    let tensors = report.tensorCounts.map { "\($0.count) \($0.layout.name)" }.joined(
      separator: ", ")
    try Console.out.write(
      line: "\(output.escapedForDisplay): \(Quantity.bytes(report.byteCount)) in "
        + "\(report.files.count) files; tensors: \(tensors)")
    guard report.isProven else { return try Console.out.write(line: "not verified, as asked") }
    let fingerprint = report.fingerprint.map { "; fingerprint \($0)" } ?? ""
    try Console.out.write(
      line: "proven: all \(report.weightCount) weights read back equal to the source\(fingerprint)")
  }
}
