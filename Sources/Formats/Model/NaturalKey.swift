/// Orders names as people do: runs of digits by their number, everything else by its bytes.
struct NaturalKey: Comparable {
  private enum Piece: Comparable {
    case number(UInt64)
    case text([UInt8])

    static func < (left: Piece, right: Piece) -> Bool {
      switch (left, right) {
      case (.number(let left), .number(let right)): left < right
      case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
      case (.number, .text): true
      case (.text, .number): false
      }
    }
  }

  private let pieces: [Piece]

  init(_ name: String) {
    var pieces: [Piece] = []
    var text: [UInt8] = []
    var number: UInt64?
    for byte in name.utf8 {
      if case UInt8(ascii: "0")...UInt8(ascii: "9") = byte {
        if number == nil, !text.isEmpty {
          pieces.append(.text(text))
          text = []
        }
        number = (number ?? 0) &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
      } else {
        if let known = number { pieces.append(.number(known)) }
        number = nil
        text.append(byte)
      }
    }
    if let number { pieces.append(.number(number)) }
    if !text.isEmpty { pieces.append(.text(text)) }
    self.pieces = pieces
  }

  static func < (left: NaturalKey, right: NaturalKey) -> Bool {
    left.pieces.lexicographicallyPrecedes(right.pieces)
  }
}
