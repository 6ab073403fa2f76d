/// The cells of a row, one after the other in one buffer, which serves row after row.
struct TableRow {
  private(set) var text: [UInt8] = []
  private var cells: [Cell] = []
  /// Whether the row only explains the one above it.
  var isSecondary = false
  /// Whether the row is to be written, and not only measured.
  private let keepsText: Bool

  private struct Cell {
    /// Where in the text it ends.
    let end: Int
    /// The columns that it takes on a terminal.
    let columnCount: Int
  }

  init(keepsText: Bool = true) { self.keepsText = keepsText }

  init(_ cells: [String], isSecondary: Bool = false) {
    self.init()
    for cell in cells { add(cell) }
    self.isSecondary = isSecondary
  }

  /// Takes all cells out.
  mutating func clear() {
    text.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    isSecondary = false
  }

  /// Adds a cell.
  mutating func add(_ cell: String) {
    if keepsText { text.append(contentsOf: cell.utf8) }
    end(columns: cell.columnCount)
  }

  /// Adds a cell of a whole number in groups of three digits.
  mutating func add(grouped number: Int) { end(columns: append(number, isGrouped: true)) }

  /// Adds a cell of sizes, outermost first.
  mutating func add(shape: [Int]) {
    guard !shape.isEmpty else { return add("scalar") }
    var columns = 3 * (shape.count - 1)
    for index in shape.indices {
      if index > 0 && keepsText { appendTimes() }
      columns += append(shape[index], isGrouped: false)
    }
    end(columns: columns)
  }

  private mutating func end(columns: Int) {
    cells.append(Cell(end: text.count, columnCount: columns))
  }

  /// ` × `.
  private mutating func appendTimes() {
    text.append(contentsOf: " × ".utf8)
  }

  /// Digits without a text of their own in between: there can be 500,000 such cells.
  ///
  /// - Returns: The columns that they take.
  private mutating func append(_ number: Int, isGrouped: Bool) -> Int {
    // Nineteen digits, six commas and a sign; from the last one on.
    var digits = InlineArray<26, UInt8>(repeating: 0)
    var start = digits.count
    var (rest, count) = (number.magnitude, 0)
    repeat {
      if isGrouped && count > 0 && count % 3 == 0 {
        start -= 1
        digits[start] = UInt8(ascii: ",")
      }
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      (rest, count) = (rest / 10, count + 1)
    } while rest > 0
    if number < 0 {
      start -= 1
      digits[start] = UInt8(ascii: "-")
    }
    if keepsText { for index in start..<digits.count { text.append(digits[index]) } }
    return digits.count - start
  }

  /// Where in ``text`` a cell lies.
  func range(_ index: Int) -> Range<Int> {
    (index > 0 ? cells[index - 1].end : 0)..<cells[index].end
  }

  func string(_ index: Int) -> String { String(decoding: text[range(index)], as: UTF8.self) }

  /// The columns that a cell takes on a terminal.
  func columnCount(_ index: Int) -> Int { cells[index].columnCount }
}
