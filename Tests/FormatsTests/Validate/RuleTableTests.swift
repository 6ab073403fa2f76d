import Testing

@testable import Formats

@Suite("The rules in Specs/validate.md")
struct RuleTableTests {
  /// The specification's table is what the program knows, row by row.
  @Test func theTableIsTheProgramsOwn() throws {
    let text = String(decoding: try Fixture.bytes("../../Specs/validate.md"), as: UTF8.self)
    let families = Set(Rule.all.map { $0.id.prefix { $0.isLetter } })
    let rows = text.split(separator: "\n").filter { line in
      line.hasPrefix("| ") && families.contains(line.dropFirst(2).prefix { $0.isLetter })
    }
    let needed = Rule.all.map(Self.row)
    for (row, other) in zip(rows, needed) { #expect(row == other) }
    #expect(rows.count == needed.count)
  }

  private static func row(_ rule: Rule) -> String {
    let severities = Profile.allCases.map { rule.severity(for: $0)?.rawValue ?? "–" }
    return "| " + ([rule.id] + severities + [rule.title, rule.origin]).joined(separator: " | ")
      + " |"
  }
}
