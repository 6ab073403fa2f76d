/// Finds the rows of a long table: one that was made of a model's own names has a row for each.
struct NameTableIndex: Sendable {
  /// Up to so many rows, looking at each is faster.
  static let longestScannedTable = 64

  private let gguf: Places
  private let huggingFace: Places

  /// Where the rows are whose pattern is a whole name, and those of every layer: the former may look
  /// like the latter.
  private struct Places {
    private let whole: [ByteString: Int]
    private let perLayer: [ByteString: Int]

    init(_ patterns: [NamePattern]) {
      let texts = patterns.enumerated().map { (ByteString($1.text), $0) }
      let places = { (isPerLayer: Bool) in
        Dictionary(
          texts.filter { patterns[$0.1].isPerLayer == isPerLayer },
          uniquingKeysWith: { first, _ in first })
      }
      (whole, perLayer) = (places(false), places(true))
    }

    func rows(of name: String) -> [Int] {
      let open = NamePattern.leavingFirstNumberOpen(name)
      return [whole[ByteString(name)], open.flatMap { perLayer[ByteString($0)] }]
        .compactMap(\.self).sorted()
    }
  }

  init(_ rows: [NameTable.Row]) {
    gguf = Places(rows.map(\.gguf))
    huggingFace = Places(rows.map(\.huggingFace))
  }

  /// The rows that can have this name, in their order: that of the whole name, and that of the name
  /// with its first number left open, which is the layer's in every table.
  func rows(of name: String, _ side: KeyPath<NameTable.Row, NamePattern>) -> [Int] {
    (side == \NameTable.Row.gguf ? gguf : huggingFace).rows(of: name)
  }
}
