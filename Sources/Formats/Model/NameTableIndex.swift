/// Finds the rows of a long table: one that was made of a model's own names has a row for each.
struct NameTableIndex: Sendable {
  /// Up to so many rows, looking at each is faster.
  static let longestScannedTable = 64

  private let gguf: [ByteString: Int]
  private let huggingFace: [ByteString: Int]

  init(_ rows: [NameTable.Row]) {
    let numbered = rows.enumerated()
    gguf = Dictionary(
      numbered.map { (ByteString($1.gguf.text), $0) }, uniquingKeysWith: { first, _ in first })
    huggingFace = Dictionary(
      numbered.map { (ByteString($1.huggingFace.text), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The rows that can have this name, in their order: that of the whole name, and that of the name
  /// with its first number left open, which is the layer's in every table.
  func rows(of name: String, _ side: KeyPath<NameTable.Row, NamePattern>) -> [Int] {
    let index = side == \NameTable.Row.gguf ? gguf : huggingFace
    let open = NamePattern.leavingFirstNumberOpen(name)
    return [name, open].compactMap { $0.flatMap { index[ByteString($0)] } }.sorted()
  }
}
