import Synchronization

/// The decompressed frames that were used last, of all files together, so that memory does not grow
/// with the number of shards.
final class FrameCache: Sendable {
  /// A frame of a source.
  struct Key: Hashable {
    let source: Int
    let frame: Int
  }

  /// Filled by the first task that comes; others that want the same frame wait for it.
  private final class Cell: Sendable {
    let content = Mutex<[UInt8]?>(nil)
  }

  private struct Holding {
    let key: Key
    let cell: Cell
    var byteCount = 0
  }

  static let shared = FrameCache(byteCount: ZstdLimits.cacheByteCount)

  private let limit: Int
  /// The one that was used last is the last.
  private let holdings = Mutex<[Holding]>([])
  private static let sourceCount = Atomic<Int>(0)

  init(byteCount: Int) { limit = byteCount }

  /// A number that no other source has.
  static func nextNumber() -> Int { sourceCount.wrappingAdd(1, ordering: .relaxed).newValue }

  /// Lets go of all frames of a source.
  func remove(source: Int) {
    holdings.withLock { holdings in holdings.removeAll { $0.key.source == source } }
  }

  /// The content of a frame, which `make` produces where it is not here.
  func bytes(
    _ key: Key, make: () throws(FormatError) -> [UInt8]
  ) throws(FormatError) -> [UInt8] {
    let cell = holdings.withLock { holdings in
      let index = holdings.lastIndex { $0.key == key }
      let holding = index.map { holdings.remove(at: $0) } ?? Holding(key: key, cell: Cell())
      holdings.append(holding)
      if holdings.count > ZstdLimits.cachedFrameCount { holdings.removeFirst() }
      return holding.cell
    }
    let (bytes, isNew) = try cell.content.withLock { (content) throws(FormatError) in
      if let content { return (content, false) }
      let made = try make()
      content = made
      return (made, true)
    }
    if isNew { account(key, bytes.count) }
    return bytes
  }

  /// Lets go of what was not used for longest.
  private func account(_ key: Key, _ byteCount: Int) {
    holdings.withLock { holdings in
      if let index = holdings.lastIndex(where: { $0.key == key }) {
        holdings[index].byteCount = byteCount
      }
      var total = holdings.reduce(0) { $0 + $1.byteCount }
      while total > limit, holdings.count > 1 { total -= holdings.removeFirst().byteCount }
    }
  }
}
