/// 128 bytes in eight rows of 16, whose order can be turned: eight rows of bytes into columns, and back.
///
/// A byte's address has 7 bits. One step puts the bytes of the second half between those of the first,
/// which turns the address by one bit to the left; SIMD units have it as one instruction for a row. After three
/// steps the number of the row has become the lowest part of the address, and after seven
/// everything is where it was.
struct ByteWeave {
  typealias Row = SIMD16<UInt8>
  typealias Rows = (Row, Row, Row, Row, Row, Row, Row, Row)

  var rows: Rows

  /// Byte j of row i becomes byte i of column j; two columns of eight bytes fill a row.
  @inline(__always)
  mutating func turnIntoColumns() { for _ in 0..<3 { step() } }

  /// The way back.
  @inline(__always)
  mutating func turnIntoRows() { for _ in 0..<4 { step() } }

  @inline(__always)
  private mutating func step() {
    let (a, b) = (Self.woven(rows.0, rows.4), Self.woven(rows.1, rows.5))
    let (c, d) = (Self.woven(rows.2, rows.6), Self.woven(rows.3, rows.7))
    rows = (
      a.lowHalf, a.highHalf, b.lowHalf, b.highHalf, c.lowHalf, c.highHalf, d.lowHalf, d.highHalf
    )
  }

  @inline(__always)
  private static func woven(_ one: Row, _ other: Row) -> SIMD32<UInt8> {
    var result = SIMD32<UInt8>()
    result.evenHalf = one
    result.oddHalf = other
    return result
  }
}
