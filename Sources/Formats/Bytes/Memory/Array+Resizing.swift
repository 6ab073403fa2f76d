extension [UInt8] {
  /// Makes the count exactly this, without giving memory back.
  mutating func resize(to newCount: Int) {
    if count > newCount {
      removeLast(count - newCount)
    } else if count < newCount {
      // An array of zeros, for a repeated element takes hundreds of times as long in debug builds.
      append(contentsOf: [UInt8](repeating: 0, count: newCount - count))
    }
  }
}
