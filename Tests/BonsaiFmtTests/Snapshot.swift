import Foundation
import Testing

/// What a command said, compared with the file that holds what it said when somebody last looked.
/// `RECORD_SNAPSHOTS=1` writes the files anew; the diff is then to be read.
struct Snapshot {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let fixtures = tests.deletingLastPathComponent().appendingPathComponent("Fixtures")

  let name: String

  /// - Parameter masking: What is different on every machine; shown as `…`.
  func check(
    _ arguments: [String], in folder: URL = fixtures, masking: Regex<Substring>? = nil
  ) throws {
    try check(
      "bonsai-fmt \(arguments.joined(separator: " "))", Tool.run(arguments, in: folder),
      masking: masking)
  }

  /// - Parameter command: What a shell runs among the fixtures.
  func check(shell command: String) throws {
    let script = command.replacing("bonsai-fmt", with: "'\(Tool.path)'")
    let result = try Tool.run("/bin/sh", ["-c", script], in: Self.fixtures)
    try check(command, result, masking: nil)
  }

  private func check(
    _ command: String, _ result: Tool.Result, masking: Regex<Substring>?
  ) throws {
    var text = "$ \(command)\n\(result.output)"
    if !result.errors.isEmpty { text += "standard error:\n\(result.errors)" }
    if let masking { text.replace(masking, with: "…") }
    text += "exit \(result.status)\n"
    let file = Self.tests.appendingPathComponent("Snapshots/\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(text.utf8).write(to: file)
      return
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let difference = Self.difference(expected, text)
    #expect(difference == nil, "\(name).txt")
  }

  /// The first line that differs, for a message that can be read.
  private static func difference(_ expected: String, _ found: String) -> String? {
    guard !expected.utf8.elementsEqual(found.utf8) else { return nil }
    let lines = [expected, found].map {
      $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    let count = min(lines[0].count, lines[1].count)
    let index = (0..<count).first { lines[0][$0] != lines[1][$0] } ?? count
    let texts = lines.map { $0.indices.contains(index) ? $0[index] : "(end)" }
    return "line \(index + 1): expected '\(texts[0])', found '\(texts[1])'"
  }
}
