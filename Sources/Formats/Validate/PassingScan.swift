/// Reads the weights of a file that goes by once, in the order in which they lie in it.
///
/// Tiles are read one after the other and looked at on several tasks.
struct PassingScan: Sendable {
  let file: PassingFile
  let size: RunSize

  /// What is done with a tile, which stands in the buffers' `output`.
  typealias Job =
    @Sendable (WeightPiece, Tile, inout TileBuffers) throws(FormatError) -> Void

  /// The pieces in the order of the file. Of those that share bytes, which is a finding by itself,
  /// the first.
  static func inOrder(_ pieces: [WeightPiece]) -> [WeightPiece] {
    var end = 0
    return pieces.filter { !$0.range.isEmpty }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
      .filter { piece in
        guard piece.range.lowerBound >= end else { return false }
        end = piece.range.upperBound
        return true
      }
  }

  /// - Throws: What keeps the file from being read on.
  func callAsFunction(_ pieces: [WeightPiece], _ job: @escaping Job) async throws(FormatError) {
    var numbering = TileNumbering()
    for piece in pieces { numbering.append(tiling(piece).count(of: piece.stored.matrix)) }
    let all = numbering
    let turnstile = Turnstile()
    try await runJobs(all.count, width: size.width, buffers: { TileBuffers() }) {
      (number, buffers) throws(FormatError) in
      let (index, offset) = all[number]
      let piece = pieces[index]
      let tile = tiling(piece).tile(offset, of: piece.stored.matrix)
      try turnstile.pass(number, next: number + 1) { () throws(FormatError) in
        try read(tile, of: piece, into: &buffers.output)
      }
      try piece.swapBytesIfBigEndian(&buffers.output)
      try job(piece, tile, &buffers)
    }
  }

  private func tiling(_ piece: WeightPiece) -> Tiling {
    piece.move.tiling(as: piece.stored.layout, byteCount: size.tileByteCount)
  }

  /// The bytes of a tile, which are one run: whole rows, or whole columns where these are outermost.
  private func read(
    _ tile: Tile, of piece: WeightPiece, into buffer: inout [UInt8]
  ) throws(FormatError) {
    let tensor = piece.stored
    let rectangle = tensor.layout.parts[0].rectangle(of: tile, in: tensor.matrix)
    buffer.resize(to: rectangle.byteCount)
    try locating(tensor: tensor.name) { () throws(FormatError) in
      try buffer.withMutableBytes { (span) throws(FormatError) in
        try file.source.readAll(at: piece.range.lowerBound + rectangle.start, into: &span)
      }
    }
  }
}
