extension Packing {
  /// What is taken at the most.
  func memoryBound(_ size: RunSize) throws(FormatError) -> MemoryBound {
    var bound = MemoryBound(size)
    switch direction {
    case .pack(let level):
      let frame = SeekableWriter().frameByteCount
      // A frame as it is read, as it is packed and as it is kept, and at most four that wait.
      bound.add(byteCount: size.width * (8 * frame + Zstd.contextByteCount(level: level)))
    case .unpack:
      for item in items where item.isChanged {
        switch try decompressed(item.source, limits) {
        case let source as SeekableSource:
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
