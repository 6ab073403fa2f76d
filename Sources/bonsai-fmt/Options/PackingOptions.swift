import ArgumentParser
import Formats

/// What the commands that pack and unpack take.
struct PackingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "The file or directory to make; by default '.zst' is added or taken away.")
  var output: String?

  @Flag(help: "Replace what is there: a file, or a directory with a model.")
  var force = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var limiting: LimitOptions

  @OptionGroup var running: RunningOptions

  func validate() throws { try PathArgument.check(output: output) }

  /// Does the work, and says what was done.
  func run(
    _ input: String, _ direction: Packing.Direction, proof: String
  ) async throws {
    let budget = try running.budget()
    let limits = try limiting.limits()
    let progress = ProgressLine(isEnabled: !running.quiet && Console.showsProgress)
    defer { progress.clear() }
    let (report, path) = try await Interruption.cancelling { [output, force] in
      let packing = try Packing(input, direction, limits: limits)
      let path = try output ?? packing.defaultOutput()
      let report = try await packing.run(
        to: path, replacing: force, budget: budget, progress: progress.update)
      return (report, path)
    }
    progress.clear()
    try Console.report { () throws(FormatError) in try show(report, input, path, proof) }
  }

  private func show(
    _ report: PackingReport, _ input: String, _ output: String, _ proof: String
  ) throws(FormatError) {
    if json { return try Console.out.write(document: report.json(input: input, output: output)) }
    guard !running.quiet else { return }
    for note in report.notes { try Console.out.write(line: "note: \(note.escapedForDisplay)") }
    let changed = report.files.filter(\.isChanged)
    let copied = report.files.count - changed.count
    let (read, written) = changed.reduce((0, 0)) {
      ($0.0 + $1.sourceByteCount, $0.1 + $1.byteCount)
    }
    let ratio = Double(max(read, written)) / Double(max(min(read, written), 1))
    try Console.out.write(
      line: "\(output.escapedForDisplay): \(Quantity.bytes(read)) became "
        + "\(Quantity.bytes(written)), \(Quantity.decimal(ratio, places: 2)) : 1"
        + (copied > 0 ? "; \(Quantity.counted(copied, "file")) copied" : ""))
    try Console.out.write(line: proof)
  }
}
