extension Packing {
  /// What is taken at the most.
  func memoryBound(_ size: RunSize) throws(FormatError) -> MemoryBound {
    var bound = MemoryBound(size)
    switch direction {
    case .pack(let level):
      let frame = SeekableWriter().frameByteCount
      // A frame as it is read, as it is cut and as it is packed, and what it may become.
      bound.add(byteCount: size.width * (8 * frame + Zstd.contextByteCount(level: level)))
      let most = items.compactMap { $0.isChanged ? $0.source.byteCount : nil }.max() ?? 0
      bound.add(byteCount: 4 * SeekTable.heldByteCount(frames: most / frame + 1))
    case .unpack:
      for item in items where item.isChanged {
        switch try decompressed(item.source, limits) {
        case let source as SeekableSource:
          bound.add(source.table)
          bound.add(byteCount: 2 * size.width * source.table.largestFrameByteCount)
        case let source as ZstdSource:
          bound.add(window: try source.firstWindowByteCount())
        default: continue
        }
      }
    }
    return bound
  }
}
