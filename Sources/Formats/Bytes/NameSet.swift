/// Names, each once by its bytes: what finds a repeated name in a header of any size.
///
/// A `Set<ByteString>` does the same; this one copies no name, which halves the time that opening a
/// file of 100,000 tensors takes.
struct NameSet {
  private var names: [String] = []
  private var hashes: [Int] = []
  /// For each place of the hash table the number of a name, counted from 1, or 0.
  private var slots: [Int] = []

  /// Adds a name.
  ///
  /// - Returns: `false` when it is there already.
  mutating func insert(_ name: String) -> Bool {
    if names.count * 2 >= slots.count { grow() }
    let hash = name.hashOfBytes
    var slot = hash & (slots.count - 1)
    while slots[slot] > 0 {
      let number = slots[slot] - 1
      if hashes[number] == hash && names[number].utf8.elementsEqual(name.utf8) { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    names.append(name)
    hashes.append(hash)
    slots[slot] = names.count
    return true
  }

  private mutating func grow() {
    slots = [Int](repeating: 0, count: max(16, slots.count * 2))
    for (number, hash) in hashes.enumerated() {
      var slot = hash & (slots.count - 1)
      while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = number + 1
    }
  }
}

extension String {
  /// A hash of the bytes, seeded anew in each run: no file can be made to collide.
  fileprivate var hashOfBytes: Int {
    var hasher = Hasher()
    let isHashed: Void? = unsafe utf8.withContiguousStorageIfAvailable {
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isHashed == nil { hasher.combine(ByteString(self)) }
    return hasher.finalize()
  }
}
