/// Reads tiles of tensors out of their files, in the layout in which they are stored.
struct TileReader: Sendable {
  let files: [any ByteSource]

  /// Fills `buffer` with the packed tile.
  func read(_ tile: Tile, of tensor: Tensor, into buffer: inout [UInt8]) throws(FormatError) {
    buffer.resize(to: tensor.layout.byteCount(of: tile))
    guard !tile.isEmpty else { return }
    try locating(tensor: tensor.name) { () throws(FormatError) in
      var start = 0
      for (part, stored) in zip(tensor.layout.parts, tensor.parts) {
        let count = part.byteCount(of: tile.shape)
        let rectangle = part.rectangle(of: tile, in: tensor.matrix)
        try buffer.withMutableBytes { (span) throws(FormatError) in
          if let map = tensor.rowMap, !part.isTransposed {
            try read(rectangle, of: stored, in: map, into: &span, at: start)
          } else {
            try read(rectangle, of: stored, into: &span, at: start)
          }
        }
        if stored.isBigEndian {
          // Only GGUF has big-endian files, and there a tensor is one part.
          try GGUFByteOrder.swap(&buffer, of: stored.info.type)
        }
        start += count
      }
    }
  }

  /// Rows in another order are read one by one.
  private func read(
    _ rectangle: Rectangle, of stored: StoredPart, in map: RowMap, into span: inout MutableRawSpan,
    at start: Int
  ) throws(FormatError) {
    for (index, row) in rectangle.outer.enumerated() {
      let one = map.stored(row)
      try read(
        Rectangle(outer: one..<one + 1, inner: rectangle.inner, stride: rectangle.stride),
        of: stored, into: &span, at: start + index * rectangle.inner.count)
    }
  }

  private func read(
    _ rectangle: Rectangle, of stored: StoredPart, into span: inout MutableRawSpan, at start: Int
  ) throws(FormatError) {
    let source = files[stored.file]
    let offset = stored.info.range.lowerBound + rectangle.start
    if rectangle.isContiguous {
      var part = span._mutatingExtracting(start..<start + rectangle.byteCount)
      return try source.readAll(at: offset, into: &part)
    }
    for index in 0..<rectangle.outer.count {
      let position = start + index * rectangle.inner.count
      var row = span._mutatingExtracting(position..<position + rectangle.inner.count)
      try source.readAll(at: offset + index * rectangle.stride, into: &row)
    }
  }
}
