import Formats

/// What a benchmark found, as a table in Markdown and as a document.
struct BenchmarkView {
  let rows: [BenchmarkRow]
  let shape: String
  let runCount: Int
  let machine: String

  var lines: [String] {
    [
      "\(shape) sample, \(runCount) runs, \(machine)", "",
      "| | wall s | yardstick | × yardstick | user CPU s per GB | peak MiB |",
      "|---|---|---|---|---|---|",
    ] + rows.map(line)
  }

  /// The figures, each with what is wanted of it.
  private func line(_ row: BenchmarkRow) -> String {
    let target = row.target
    let cells = [
      row.name, Self.cell(row.seconds, 3, target.seconds), row.yardstick ?? "",
      Self.cell(row.ratio, 2, target.ratio),
      Self.cell(row.userSecondsPerGB, 3, target.userSecondsPerGB),
      Self.peak(row.peakByteCount, target.peakByteCount),
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  private static func cell(_ spread: Spread?, _ places: Int, _ target: Double?) -> String {
    guard let spread else { return "" }
    let text = { Quantity.decimal($0, places: places) }
    let range = "\(text(spread.median)) (\(text(spread.least))–\(text(spread.largest)))"
    guard let target else { return range }
    return range + (spread.median <= target ? " ≤ " : " **not ≤** ") + "\(target)"
  }

  private static func peak(_ count: Int?, _ target: Int?) -> String {
    guard let count else { return "" }
    let text = Quantity.decimal(Double(count) / 1_048_576, places: 1)
    guard let target else { return text }
    return text + (count <= target ? " ≤ " : " **not ≤** ") + "\(target >> 20)"
  }

  var json: JSONValue {
    [
      "schema": "bonsai-fmt/bench/1",
      "shape": .string(shape),
      "runs": .integer(runCount),
      "machine": .string(machine),
      "rows": .array(rows.map(\.json)),
    ]
  }
}
