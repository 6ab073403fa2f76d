import ArgumentParser
import Formats

/// How much of its files a command believes; Specs/limits.md.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "Raise or lower a limit, such as gguf-header=1GiB; an error for one names it. Repeatable.",
      valueName: "name=value"))
  var texts: [String] = []

  func limits() throws(FormatError) -> Limits {
    var limits = Limits()
    for text in texts { try limits.set(parsing: text) }
    return limits
  }
}
