extension Model {
  /// Whether the output matrix has the weights of the embedding, however each of them is stored: as a
  /// fingerprint compares them.
  func storesEmbeddingTwice() throws(FormatError) -> Bool {
    guard let embedding = tensor(named: "model.embed_tokens.weight"),
      let output = tensor(named: "lm_head.weight"), embedding.shape == output.shape
    else { return false }
    if embedding.layout == output.layout, try hasSameBytes(embedding, output) { return true }
    guard let digest = try digest(of: embedding) else { return false }
    return try self.digest(of: output) == digest
  }

  private func hasSameBytes(_ one: Tensor, _ other: Tensor) throws(FormatError) -> Bool {
    let tiling = Tiling(of: one.matrix, in: one.layout, units: [], byteCount: 1 << 20)
    var (left, right): ([UInt8], [UInt8]) = ([], [])
    for tile in tiling.tiles(of: one.matrix) {
      try Cancellation.check()
      try reader.read(tile, of: one, into: &left)
      try reader.read(tile, of: other, into: &right)
      guard left == right else { return false }
    }
    return true
  }

  /// The digest of a tensor's values, or `nil` where they are not known.
  private func digest(of tensor: Tensor) throws(FormatError) -> Digest? {
    guard Layouts.all.contains(tensor.layout) else { return nil }
    let digest = TensorDigest(name: tensor.name, tensor: tensor)
    var buffers = TileBuffers()
    // The second time only a matrix is left that turned out not to be 1-bit.
    for _ in 0..<2 where digest.result == nil {
      let kind = digest.kind
      let feed = try TileFeed(tensor, reader, as: kind == .oneBit ? .q1_0 : .f32)
      let tiling = Tiling(
        of: tensor.matrix, in: tensor.layout, units: [.q1_0], rowUnit: LeafGrid.rows,
        byteCount: 1 << 20)
      for tile in tiling.tiles(of: tensor.matrix) where digest.kind == kind {
        try Cancellation.check()
        if try feed.tally(tile, &buffers).refusedCount > 0 {
          guard kind == .oneBit, tensor.layout.groupSize == nil else { return nil }
          digest.refute()
        } else {
          digest.add(tile, buffers.output, as: kind, scratch: &buffers.other)
        }
      }
    }
    return digest.result?.digest
  }
}
