/// Finds strings of a ``ByteStrings`` by their bytes.
///
/// A hash table with open addressing that holds numbers, not strings: a `Dictionary` of 150,000
/// tokens spends most of its time on the memory and the reference count of each.
struct ByteStringIndex: Sendable {
  /// For each place 0, or in the low half a string's number, counted from 1, and in the high half a
  /// part of its hash, by which most others are told from it without a look at their bytes.
  private var slots: [UInt64] = []
  /// How many strings can be found.
  private(set) var count = 0
  private let seed = HashSeed.ofProcess

  /// - Parameter capacity: Strings that are known to follow.
  init(capacity: Int = 0) {
    // Many a set stays empty: that of an object without members.
    guard capacity > 0 else { return }
    var slotCount = 16
    while slotCount * 3 < capacity * 4 { slotCount *= 2 }
    slots = Array(repeating: 0, count: slotCount)
  }

  /// The number of the string with these bytes, or `nil`.
  @inline(__always)
  func number(of string: RawSpan, in strings: ByteStrings) -> Int? {
    guard count > 0 else { return nil }
    let entry = slots[slot(of: string, hash: seed.hash(string), in: strings)]
    return entry == 0 ? nil : Self.number(entry)
  }

  /// Adds a string, unless there is one with the same bytes.
  ///
  /// - Parameter number: The string's number in `strings`; less than 2³², for so many names no
  ///   header and no vocabulary is allowed to have.
  /// - Returns: The number of the string that is there already.
  mutating func insert(_ number: Int, of strings: ByteStrings) -> Int? {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    let (slot, hash) = strings.withBytes(of: number) { string in
      let hash = seed.hash(string)
      return (self.slot(of: string, hash: hash, in: strings), hash)
    }
    guard slots[slot] == 0 else { return Self.number(slots[slot]) }
    slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
    count += 1
    return nil
  }

  /// The place of the string with these bytes, or the free one where it belongs.
  @inline(__always)
  private func slot(of string: RawSpan, hash: UInt64, in strings: ByteStrings) -> Int {
    let tag = hash >> 32
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: tag) & mask
    while slots[slot] != 0 {
      if slots[slot] >> 32 == tag,
        strings.withBytes(of: Self.number(slots[slot]), { $0.hasSameBytes(as: string) })
      {
        break
      }
      slot = (slot &+ 1) & mask
    }
    return slot
  }

  @inline(__always)
  private static func number(_ entry: UInt64) -> Int {
    Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
  }

  private mutating func grow() {
    let entries = slots
    slots = Array(repeating: 0, count: max(entries.count * 2, 16))
    for entry in entries where entry != 0 {
      var slot = Int(truncatingIfNeeded: entry >> 32) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }
}

/// Hashes bytes, eight at a time, by multiplying and folding.
///
/// The factors are random, and other ones in each run: whoever makes a file cannot know which names
/// will collide, and make a table of them slow.
struct HashSeed: Sendable {
  private let start: UInt64
  private let factor: UInt64

  static let ofProcess = HashSeed()

  private init() {
    start = .random(in: .min ... .max)
    factor = .random(in: .min ... .max) | 1
  }

  @inline(__always)
  func hash(_ bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    var hash = start ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while count &- offset > 8 {
      hash = fold(hash ^ bytes.load(offset, as: UInt64.self))
      offset &+= 8
    }
    return fold(hash ^ bytes.lastWord)
  }

  @inline(__always)
  private func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }
}
