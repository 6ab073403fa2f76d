import ArgumentParser
import Formats

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what a finding of 'validate' means, and what to do about it.")

  @Argument(help: "The id of a finding, such as GGUF019; without it all are listed.")
  var id: String?

  @Flag(help: "Write one JSON document.")
  var json = false

  func run() throws {
    guard let id else {
      if json { return try Console.out.write(document: Rule.document(Rule.all)) }
      var table = Table([.text("id"), .text("what is wrong"), .text("severity")])
      for rule in Rule.all { table.add([rule.id, rule.title, rule.severities]) }
      for line in table.lines(width: nil, style: Style(isColored: Console.hasColor)) {
        try Console.out.write(line: Console.width.map { line.clipped(to: $0) } ?? line)
      }
      return
    }
    guard let rule = Rule.named(id) else {
      throw FormatError(
        .usage, "there is no finding '\(id.quoted())'; 'bonsai-fmt explain' lists all")
    }
    if json { return try Console.out.write(document: Rule.document([rule])) }
    let style = Style(isColored: Console.hasColor)
    for line in rule.lines(width: min(max(Console.width ?? 80, 40), 100), style) {
      try Console.out.write(line: line)
    }
  }
}
