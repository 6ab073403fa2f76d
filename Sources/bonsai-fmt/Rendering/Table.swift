import Formats

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
  private var rows: [TableRow] = []
  /// The columns of the terminal that each column takes.
  private var widths: [Int]
  /// The least that names are shortened to, however narrow the terminal.
  private static let leastWidth = 12
  /// The most that cells are padded to. What is longer stands out: a name can have tens of thousands
  /// of columns, and each of as many rows would be padded to it.
  static let mostPadded = 200

  init(_ columns: [Column]) {
    self.columns = columns
    widths = columns.map(\.heading.columnCount)
  }

  /// Adds a row, a cell for each column.
  mutating func add(_ cells: [String], isSecondary: Bool = false) {
    let row = TableRow(cells, isSecondary: isSecondary)
    measure(row)
    rows.append(row)
  }

  /// The lines; the first column gives way where there is not enough room.
  /// Without a width nothing is shortened: somebody may want to search for a name.
  func lines(width: Int?, style: Style) -> [String] {
    let widths = fitted(to: width)
    return [heading(widths, style)]
      + rows.map { line($0, widths, isShortened: width != nil, style) }
  }

  /// Hands out the lines of rows that are too many to be kept: they are filled twice, to be measured
  /// and to be written.
  ///
  /// - Parameters:
  ///   - elements: One for each row.
  ///   - fill: Adds the cells of an element to a row that has none.
  func write<Elements: Sequence>(
    _ elements: Elements, width: Int?, style: Style,
    fill: (Elements.Element, inout TableRow) -> Void,
    _ emit: (String) throws(FormatError) -> Void
  ) throws(FormatError) {
    var measured = self
    var row = TableRow(keepsText: false)
    for element in elements {
      row.clear()
      fill(element, &row)
      measured.measure(row)
    }
    let widths = measured.fitted(to: width)
    try emit(heading(widths, style))
    row = TableRow()
    for element in elements {
      row.clear()
      fill(element, &row)
      try emit(line(row, widths, isShortened: width != nil, style))
    }
  }

  private mutating func measure(_ row: TableRow) {
    for index in widths.indices { widths[index] = max(widths[index], row.columnCount(index)) }
  }

  private func fitted(to width: Int?) -> [Int] {
    var widths = widths.map { min($0, Self.mostPadded) }
    guard let width else { return widths }
    let surplus = 2 + widths.reduce(0, +) + 2 * (widths.count - 1) - width
    if surplus > 0 { widths[0] = max(widths[0] - surplus, Self.leastWidth) }
    return widths
  }

  private func heading(_ widths: [Int], _ style: Style) -> String {
    style.secondary(line(TableRow(columns.map(\.heading)), widths, isShortened: false, style))
  }

  private func line(
    _ row: TableRow, _ widths: [Int], isShortened: Bool, _ style: Style
  ) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(row.text.count + widths.reduce(0) { $0 + $1 + 2 })
    append(row, widths, isShortened: isShortened, to: &text)
    let line = String(decoding: text, as: UTF8.self)
    return row.isSecondary ? style.secondary(line) : line
  }

  private func append(
    _ row: TableRow, _ widths: [Int], isShortened: Bool, to text: inout [UInt8]
  ) {
    for index in widths.indices {
      text.append(spaces: 2)
      let padding = widths[index] - row.columnCount(index)
      guard padding >= 0 || index > 0 || !isShortened else {
        text.append(contentsOf: row.string(index).shortenedInTheMiddle(to: widths[index]).utf8)
        continue
      }
      if columns[index].isNumeric { text.append(spaces: padding) }
      text.append(contentsOf: row.text[row.range(index)])
      if !columns[index].isNumeric && index + 1 < widths.count { text.append(spaces: padding) }
    }
    while text.last == .space { text.removeLast() }
  }
}

extension [UInt8] {
  /// One by one: as a rule there are few, and a sequence of them would take longer. None where the
  /// count is below zero, as it is for a cell that stands out.
  fileprivate mutating func append(spaces count: Int) {
    guard count > 0 else { return }
    for _ in 0..<count { append(.space) }
  }
}

extension UInt8 {
  fileprivate static let space = UInt8(ascii: " ")
}
