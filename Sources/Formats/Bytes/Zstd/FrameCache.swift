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
  private final class Slot: Sendable {
    let content = Mutex<[UInt8]?>(nil)
  }

  private struct Entry {
    let key: Key
    let slot: Slot
    var byteCount = 0
  }

  static let shared = FrameCache(byteCount: ZstdLimits.cacheByteCount)

  private let limit: Int
  /// The one that was used last is the last.
  private let entries = Mutex<[Entry]>([])
  private static let sourceCount = Atomic<Int>(0)

  init(byteCount: Int) { limit = byteCount }

  /// A number that no other source has.
  static func nextNumber() -> Int { sourceCount.wrappingAdd(1, ordering: .relaxed).newValue }

  /// The content of a frame, which `make` produces where it is not here.
  func bytes(
    _ key: Key, make: () throws(FormatError) -> [UInt8]
  ) throws(FormatError) -> [UInt8] {
    let slot = entries.withLock { entries in
      let index = entries.lastIndex { $0.key == key }
      let entry = index.map { entries.remove(at: $0) } ?? Entry(key: key, slot: Slot())
      entries.append(entry)
      return entry.slot
    }
    let (bytes, isNew) = try slot.content.withLock { (content) throws(FormatError) in
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
    entries.withLock { entries in
      if let index = entries.lastIndex(where: { $0.key == key }) {
        entries[index].byteCount = byteCount
      }
      var total = entries.reduce(0) { $0 + $1.byteCount }
      while total > limit, entries.count > 1 { total -= entries.removeFirst().byteCount }
    }
  }
}
