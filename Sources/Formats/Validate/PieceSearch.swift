/// Looks for the first of many pieces that a text contains, in time that does not grow with their
/// number: a table for each length, and in it each piece of the text of that length.
struct PieceSearch {
  private struct Table {
    let byteCount: Int
    var pieces = NameSet()
    /// The places of the pieces among all.
    var numbers: [Int] = []
  }

  private var tables: [Table] = []

  /// - Parameter pieces: What is looked for, by its bytes; empty ones are in no text.
  init(_ pieces: [String]) {
    var places: [Int: Int] = [:]
    for (number, piece) in pieces.enumerated() where !piece.isEmpty {
      let byteCount = piece.utf8.count
      let place = places[byteCount] ?? tables.count
      if place == tables.count {
        places[byteCount] = place
        tables.append(Table(byteCount: byteCount))
      }
      if tables[place].pieces.insert(piece) { tables[place].numbers.append(number) }
    }
  }

  /// How many lengths the pieces have: for each of them a text is gone through once.
  var lengthCount: Int { tables.count }

  /// The number of the first piece that a text contains.
  func first(in text: String) -> Int? {
    text.withBytes { text in
      var first: Int?
      for table in tables where table.byteCount <= text.byteCount {
        for start in 0...(text.byteCount - table.byteCount) {
          let piece = text.extracting(start..<start + table.byteCount)
          guard let number = table.pieces.number(of: piece) else { continue }
          first = min(first ?? .max, table.numbers[number])
        }
      }
      return first
    }
  }
}
