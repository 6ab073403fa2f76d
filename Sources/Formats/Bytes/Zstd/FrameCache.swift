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
  ///
  /// - Parameter meanwhile: Done before waiting for another task that makes this frame.
  func bytes(
    _ key: Key, make: () throws(FormatError) -> [UInt8], meanwhile: () -> Void
  ) throws(FormatError) -> [UInt8] {
    let cell = cell(key)
    let filled = try cell.content.withLockIfAvailable { (content) throws(FormatError) in
      try Self.fill(&content, make)
    }
    if let filled { return accounted(filled, key) }
    meanwhile()
    return accounted(
      try cell.content.withLock { (content) throws(FormatError) in try Self.fill(&content, make) },
      key)
  }

  /// Makes a frame that nobody has asked for yet.
  ///
  /// - Returns: `false` when it is here, or being made.
  func prepare(_ key: Key, make: () throws(FormatError) -> [UInt8]) -> Bool {
    let made = try? cell(key).content.withLockIfAvailable { (content) throws(FormatError) in
      try Self.fill(&content, make)
    }
    guard let made else { return false }
    _ = accounted(made, key)
    return made.isNew
  }

  private func cell(_ key: Key) -> Cell {
    holdings.withLock { holdings in
      let index = holdings.lastIndex { $0.key == key }
      let holding = index.map { holdings.remove(at: $0) } ?? Holding(key: key, cell: Cell())
      holdings.append(holding)
      if holdings.count > ZstdLimits.cachedFrameCount { holdings.removeFirst() }
      return holding.cell
    }
  }

  private static func fill(
    _ content: inout [UInt8]?, _ make: () throws(FormatError) -> [UInt8]
  ) throws(FormatError) -> (bytes: [UInt8], isNew: Bool) {
    if let content { return (content, false) }
    let made = try make()
    content = made
    return (made, true)
  }

  /// Lets go of what was not used for longest, where something has been added.
  private func accounted(_ filled: (bytes: [UInt8], isNew: Bool), _ key: Key) -> [UInt8] {
    guard filled.isNew else { return filled.bytes }
    holdings.withLock { holdings in
      if let index = holdings.lastIndex(where: { $0.key == key }) {
        holdings[index].byteCount = filled.bytes.count
      }
      var total = holdings.reduce(0) { $0 + $1.byteCount }
      while total > limit, holdings.count > 1 { total -= holdings.removeFirst().byteCount }
    }
    return filled.bytes
  }
}
