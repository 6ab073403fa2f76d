@testable import Formats

extension Transform {
  /// What this very edge makes of a packed tile, and what it counts.
  func applied(to bytes: [UInt8], _ tile: Tile) -> (bytes: [UInt8], tally: Tally) {
    var tally = Tally()
    var result = [UInt8](repeating: 0xAA, count: target.byteCount(of: tile))
    bytes.withBytes { source in
      result.withMutableBytes { kernel(source, tile, &$0, &tally) }
    }
    return (result, tally)
  }
}

extension Transform {
  /// The edge in words.
  var testDescription: String { "\(source.name) → \(target.name), \(exactness.name)" }
}
