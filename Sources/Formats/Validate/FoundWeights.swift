import Synchronization

/// What several tasks find in tensors.
final class FoundWeights: Sendable {
  struct InTensor {
    var counts = WeightCounts()
    /// The first place that cannot be read, whichever task came to it first.
    var error: FormatError?
    var errorStart = (row: Int.max, column: Int.max)
  }

  private let tensors: Mutex<[InTensor]>

  init(count: Int) { tensors = Mutex(Array(repeating: InTensor(), count: count)) }

  /// Counts what the buffers' `output` holds.
  func add(_ tile: Tile, of piece: WeightPiece, _ tensor: Tensor, _ buffers: inout TileBuffers) {
    var counts = WeightCounts()
    if let part = piece.part {
      counts.add(buffers.output, tile, part: part, of: tensor)
    } else {
      counts.add(buffers.output, tile, of: tensor, &buffers.other)
    }
    tensors.withLock { $0[piece.number].counts.add(counts) }
  }

  func add(_ error: FormatError, at tile: Tile, _ number: Int) {
    let start = (row: tile.rows.lowerBound, column: tile.columns.lowerBound)
    tensors.withLock { tensors in
      guard start < tensors[number].errorStart else { return }
      tensors[number].error = error
      tensors[number].errorStart = start
    }
  }

  var all: [InTensor] { tensors.withLock { $0 } }
}
