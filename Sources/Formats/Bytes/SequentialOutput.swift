/// A descriptor that is written front to back by many tasks: each waits until its bytes are next.
final class SequentialOutput: Sendable {
  private let descriptor: Int32
  private let name: String
  /// Where each gap begins and ends; it is filled with zeros.
  private let gaps: [Int: Int]
  private let turnstile = Turnstile()

  /// - Parameter ranges: What will be written, in order; what lies between is zeros.
  init(_ descriptor: Int32, name: String, ranges: [Range<Int>], byteCount: Int) {
    self.descriptor = descriptor
    self.name = name
    var gaps: [Int: Int] = [:]
    let starts = ranges.map(\.lowerBound).dropFirst() + [byteCount]
    for (range, next) in zip(ranges, starts) where next > range.upperBound {
      gaps[range.upperBound] = next
    }
    self.gaps = gaps
  }

  /// How many bytes have been written.
  var position: Int { turnstile.place }

  /// Writes bytes that belong at an offset, and the gap after them.
  func write(_ bytes: [UInt8], at offset: Int) throws(FormatError) {
    guard !bytes.isEmpty else { return }
    let end = offset + bytes.count
    let next = gaps[end] ?? end
    try turnstile.pass(offset, next: next) { () throws(FormatError) in
      try SystemCalls.appendAll(descriptor, bytes, path: name)
      guard next > end else { return }
      try SystemCalls.appendAll(
        descriptor, [UInt8](repeating: 0, count: next - end), path: name)
    }
  }

  /// Lets nobody wait any longer, for what comes next will not be written.
  func abandon(_ error: FormatError) { turnstile.abandon(error) }
}
