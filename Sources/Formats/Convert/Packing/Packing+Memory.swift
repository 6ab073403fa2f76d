extension Packing {
  /// The most memory that is taken; of a stream without a seek table its window comes on top.
  func memoryBound(_ size: RunSize) throws(FormatError) -> Int {
    var bound = MemoryBound(size)
    switch direction {
    case .pack(let level):
      let frame = SeekableWriter().frameByteCount
      // A frame as it is read, as it is packed and as it is kept, and at most four that wait.
      bound.add(byteCount: size.width * (8 * frame + Zstd.contextByteCount(level: level)))
    case .unpack:
      for item in items where item.isChanged {
        guard let table = try SeekTable(of: item.source, limits: limits) else { continue }
        bound.add(byteCount: 2 * size.width * table.largestFrameByteCount)
      }
    }
    return bound.byteCount
  }
}
