/// The cells of a row, one after the other in one buffer, which serves row after row.
struct TableRow {
  private(set) var text: [UInt8] = []
  private var ends: [Int] = []
  /// Whether the row only explains the one above it.
  var isSecondary = false

  init() {}

  init(_ cells: [String], isSecondary: Bool = false) {
    for cell in cells { add(cell) }
    self.isSecondary = isSecondary
  }

  /// Takes all cells out.
  mutating func clear() {
    text.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    isSecondary = false
  }

  /// Adds a cell.
  mutating func add(_ cell: String) {
    text.append(contentsOf: cell.utf8)
    ends.append(text.count)
  }

  /// Adds a cell of a whole number in groups of three digits.
  mutating func add(grouped number: Int) {
    append(number, isGrouped: true)
    ends.append(text.count)
  }

  /// Adds a cell of sizes, outermost first.
  mutating func add(shape: [Int]) {
    guard !shape.isEmpty else { return add("scalar") }
    for (index, size) in shape.enumerated() {
      if index > 0 { text.append(contentsOf: " × ".utf8) }
      append(size, isGrouped: false)
    }
    ends.append(text.count)
  }

  /// Digits without a text of their own in between: there can be 500,000 such cells.
  private mutating func append(_ number: Int, isGrouped: Bool) {
    let start = text.count
    var (rest, count) = (number.magnitude, 0)
    repeat {
      if isGrouped && count > 0 && count % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      (rest, count) = (rest / 10, count + 1)
    } while rest > 0
    if number < 0 { text.append(UInt8(ascii: "-")) }
    // The digits came the wrong way round.
    text[start...].reverse()
  }

  /// Where in ``text`` a cell lies.
  func range(_ index: Int) -> Range<Int> { (index > 0 ? ends[index - 1] : 0)..<ends[index] }

  func string(_ index: Int) -> String { String(decoding: text[range(index)], as: UTF8.self) }

  /// The columns that a cell takes on a terminal.
  func columnCount(_ index: Int) -> Int {
    var count = 0
    for byte in text[range(index)] {
      // Up to U+02FF every character takes one column, and behind its first byte it is 10xxxxxx.
      guard byte < 0xCC else { return string(index).columnCount }
      if byte & 0xC0 != 0x80 { count += 1 }
    }
    return count
  }
}
