extension [UInt8] {
  /// Makes the count exactly this, without giving memory back.
  mutating func resize(to newCount: Int) {
    if count > newCount {
      removeLast(count - newCount)
    } else if count < newCount {
      append(contentsOf: repeatElement(0, count: newCount - count))
    }
  }
}
