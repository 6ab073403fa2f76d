import ArgumentParser
import Formats

struct Clean: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove what interrupted runs have left in a directory.",
    discussion: """
      A run that is killed leaves what it has written as '.NAME.bonsai-fmt-partial' beside its \
      output NAME. That is removed, also the finished files that 'convert --resume' would go on \
      from. An output that was about to be replaced and has lost its name gets it back. What a run \
      that is under way holds is left alone.
      """)

  @Argument(help: "The directory in which the outputs were to be made.")
  var directory: String

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Write one JSON document.")
  var json = false

  func run() throws {
    let leftovers = try Cleaning(directory)(isDryRun: dryRun)
    if json {
      try Console.out.write(document: leftovers.json(directory: directory, isDryRun: dryRun))
    } else {
      for leftover in leftovers where leftover.fate != .failed {
        try Console.out.write(line: line(leftover))
      }
      try Console.out.write(line: summary(leftovers))
    }
    try Console.out.flush()
    let errors = leftovers.compactMap(\.error)
    for error in errors { Console.error.say("bonsai-fmt: \(error.description)") }
    if let error = errors.first { throw ExitCode(error.exitStatus) }
  }

  private func line(_ leftover: Cleaning.Leftover) -> String {
    let name = leftover.name.escapedForDisplay
    let output = leftover.output.escapedForDisplay
    switch leftover.fate {
    case .broughtBack:
      return "\(dryRun ? "would bring back" : "brought back") \(output): the run that was to "
        + "replace it had died"
    case .inUse:
      return "left alone \(name): another run is writing \(output)"
    case .removed, .failed:
      let files = Quantity.counted(leftover.fileCount, "file")
      return "\(dryRun ? "would remove" : "removed") \(name): "
        + "\(Quantity.bytes(leftover.byteCount)) in \(files)"
    }
  }

  private func summary(_ leftovers: [Cleaning.Leftover]) -> String {
    guard !leftovers.isEmpty else { return "nothing to clean" }
    let removed = leftovers.count { $0.fate == .removed }
    let all = Quantity.counted(leftovers.count, "leftover")
    return "\(removed) of \(all) \(dryRun ? "to remove" : "removed"), "
      + Quantity.bytes(leftovers.removedByteCount)
  }
}
