import Synchronization

/// Content that many tasks make and that goes out front to back: each waits until its bytes are next.
final class SequentialOutput: ByteSink {
  private let sink: any SequentialSink
  /// Where each gap begins and ends; it is filled with zeros.
  private let gaps: [Int: Int]
  private let turnstile = Turnstile()

  /// - Parameters:
  ///   - sink: Where it goes.
  ///   - ranges: What will be written, in order; what lies between is zeros.
  init(_ sink: any SequentialSink, ranges: [Range<Int>], byteCount: Int) {
    self.sink = sink
    gaps = Dictionary(
      ranges.gaps(upTo: byteCount).map { ($0.lowerBound, $0.upperBound) },
      uniquingKeysWith: max)
  }

  /// How many bytes have been written.
  var position: Int { turnstile.place }

  /// Writes bytes that belong at an offset, and the gap after them.
  func write(_ bytes: RawSpan, at offset: Int) throws(FormatError) {
    guard bytes.byteCount > 0 else { return }
    let end = offset + bytes.byteCount
    let next = gaps[end] ?? end
    try turnstile.pass(offset, next: next) { () throws(FormatError) in
      try sink.append(bytes)
      guard next > end else { return }
      try [UInt8](repeating: 0, count: next - end).withBytes { (zeros) throws(FormatError) in
        try sink.append(zeros)
      }
    }
    try releasing(sink.work)
  }

  /// Does what is to bring bytes; where it fails, nobody shall wait for them.
  func releasing(_ job: () throws(FormatError) -> Void) throws(FormatError) {
    do throws(FormatError) {
      try job()
    } catch {
      abandon()
      throw error
    }
  }

  /// Lets nobody wait any longer, for what comes next will not be written.
  func abandon() {
    turnstile.abandon()
    sink.abandon()
  }
}

/// Takes bytes from front to back.
protocol SequentialSink: Sendable {
  /// Takes the next bytes; called by one task at a time.
  func append(_ bytes: RawSpan) throws(FormatError)
  /// Does what need not be done in order; called after each ``append(_:)``, by many tasks at once.
  func work() throws(FormatError)
  /// Lets nobody wait any longer in ``work()``.
  func abandon()
}

/// A pipe, or a file that is empty: what comes in order goes there as it is.
final class DescriptorSink: SequentialSink, ByteSink {
  private let descriptor: Int32
  private let name: String
  private let begun = Atomic<Bool>(false)

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Whether anything may have been written: what fails may fail half way.
  private var hasBegun: Bool { begun.load(ordering: .relaxed) }

  /// The error that ends the writing, which says so where something may have been written.
  func incomplete(_ error: FormatError) -> FormatError {
    guard hasBegun else { return error }
    let message = "\(error.message); what was written to \(name) is incomplete"
    let location = error.location
    return FormatError(error.code, message, errno: error.errno).located(
      file: location.file, offset: location.offset, tensor: location.tensor, row: location.row,
      group: location.group)
  }

  func append(_ bytes: RawSpan) throws(FormatError) {
    begun.store(true, ordering: .relaxed)
    try SystemCalls.appendAll(descriptor, bytes, path: name)
  }

  func write(_ bytes: RawSpan, at offset: Int) throws(FormatError) { try append(bytes) }

  func work() {}

  func abandon() {}
}

extension [Range<Int>] {
  /// What lies between ranges that are in order, and behind them up to an end.
  func gaps(upTo end: Int) -> [Range<Int>] {
    zip(self, map(\.lowerBound).dropFirst() + [end]).compactMap { range, next in
      next > range.upperBound ? range.upperBound..<next : nil
    }
  }
}
