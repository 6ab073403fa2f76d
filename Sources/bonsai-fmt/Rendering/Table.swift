/// Rows of cells under headings, as wide as they need and no wider than there is room.
struct Table {
  /// One column.
  struct Column {
    let heading: String
    var isNumeric = false

    static func text(_ heading: String) -> Column { Column(heading: heading) }
    static func number(_ heading: String) -> Column { Column(heading: heading, isNumeric: true) }
  }

  private let columns: [Column]
  private var rows: [(cells: [String], isSecondary: Bool)] = []
  /// The least that names are shortened to, however narrow the terminal.
  private static let leastWidth = 12

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row, a cell for each column.
  mutating func add(_ cells: [String], isSecondary: Bool = false) {
    rows.append((cells, isSecondary))
  }

  /// The lines; the first column gives way where there is not enough room.
  /// Without a width nothing is shortened: somebody may want to search for a name.
  func lines(width: Int?, style: Style) -> [String] {
    var widths = columns.indices.map { index in
      rows.reduce(columns[index].heading.columnCount) { max($0, $1.cells[index].columnCount) }
    }
    if let width {
      let surplus = 2 + widths.reduce(0, +) + 2 * (widths.count - 1) - width
      if surplus > 0 { widths[0] = max(widths[0] - surplus, Self.leastWidth) }
    }
    let heading = style.secondary(line(columns.map(\.heading), widths))
    return [heading]
      + rows.map {
        $0.isSecondary ? style.secondary(line($0.cells, widths)) : line($0.cells, widths)
      }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = " "
    for (index, cell) in cells.enumerated() {
      let cell = index == 0 ? cell.shortenedInTheMiddle(to: widths[0]) : cell
      text += index == 0 ? " " : "  "
      text += cell.padded(to: widths[index], onTheLeft: columns[index].isNumeric)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
