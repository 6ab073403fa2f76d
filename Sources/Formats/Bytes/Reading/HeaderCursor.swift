/// Reads a header of unknown length front to back, through a window of fixed size.
///
/// It knows its offset, so every error that it throws names the byte. The window is what bounds the
/// memory: a header may hold megabytes of vocabulary that nobody wants to see.
struct HeaderCursor: ~Copyable {
  private let source: any ByteSource
  /// Where it ends, asked once: a vocabulary has 300,000 strings to compare with it.
  private let end: Int?
  private var window: [UInt8]
  /// Where in the source the window begins, and how many of its bytes are the source's.
  private var windowStart = 0
  private var windowCount = 0
  /// The next byte to read, counted from the start of the source.
  private(set) var offset = 0
  /// Whether integers are stored most significant byte first.
  var isBigEndian = false

  /// - Parameters:
  ///   - source: What is read.
  ///   - end: Where the header is known to end: a stream hands out what follows only once, and it
  ///     shall not get lost in the window. Otherwise where the source ends.
  ///   - windowByteCount: How much is read at a time; what is skipped costs no more.
  init(_ source: any ByteSource, upTo end: Int? = nil, windowByteCount: Int = 1 << 18) {
    self.source = source
    self.end = end ?? source.byteCount
    window = [UInt8](repeating: 0, count: windowByteCount)
  }

  /// How many bytes are left, where the end is known.
  var remaining: Int? { end.map { $0 - offset } }

  /// Throws `truncated` when it is known to end within the next `count` bytes.
  ///
  /// - Parameter count: Any number from a file; it is compared, never added.
  func need(_ count: UInt64, _ what: @autoclosure () -> String) throws(FormatError) {
    guard let remaining, UInt64(max(remaining, 0)) < count else { return }
    throw FormatError(
      .truncated, "\(what()) needs \(count) bytes, \(max(remaining, 0)) are left", at: offset
    ).located(file: source.name)
  }

  /// The next integer, in the source's byte order.
  mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type = Integer.self, _ what: @autoclosure () -> String
  ) throws(FormatError) -> Integer {
    let size = MemoryLayout<Integer>.size
    if windowStart + windowCount - offset < size { try refill(atLeast: size, what()) }
    let value = window.withBytes { $0.load(offset - windowStart, as: type) }
    offset += size
    return isBigEndian ? value.byteSwapped : value
  }

  /// The next `count` bytes.
  ///
  /// - Parameter count: A number that has been checked against a limit: this much is allocated.
  mutating func bytes(_ count: Int, _ what: @autoclosure () -> String) throws(FormatError)
    -> [UInt8]
  {
    try need(UInt64(count), what())
    let held = windowStart + windowCount - offset
    if held >= count {
      let start = offset - windowStart
      offset += count
      return Array(window[start..<start + count])
    }
    let result = try locating(file: source.name) { () throws(FormatError) in
      try source.bytes(offset..<offset + count)
    }
    offset += count
    return result
  }

  /// Moves on by `count` bytes without looking at them.
  mutating func skip(_ count: Int, _ what: @autoclosure () -> String) throws(FormatError) {
    try need(UInt64(count), what())
    offset = try offset.adding(count, what())
  }

  /// Passes over strings, each a length of 64 bits and its bytes, as long as they lie in the window:
  /// a vocabulary has 300,000 of them, too many to ask each time whether the source goes on.
  ///
  /// - Parameters:
  ///   - count: How many there are.
  ///   - limit: The offset beyond which none may end.
  ///   - body: Is lent each string's bytes.
  /// - Returns: How many were passed. The next one has to be read by itself: it is broken, or not in
  ///   the window.
  @inline(__always)
  mutating func passStrings(_ count: Int, upTo limit: Int, _ body: (RawSpan) -> Void) -> Int {
    let end = min(windowCount, limit - windowStart)
    var position = offset - windowStart
    var passed = 0
    window.withBytes { span in
      while passed < count, end - position >= 8 {
        let stored = span.load(position, as: UInt64.self)
        let length = isBigEndian ? stored.byteSwapped : stored
        let start = position + 8
        guard length <= UInt64(end - start) else { break }
        position = start + Int(truncatingIfNeeded: length)
        body(span.extracting(start..<position))
        passed += 1
      }
    }
    offset = windowStart + position
    return passed
  }

  private mutating func refill(
    atLeast size: Int, _ what: @autoclosure () -> String
  ) throws(FormatError) {
    let start = offset
    let source = source
    windowStart = start
    windowCount = 0
    var wanted = min(window.count, max(remaining ?? window.count, 0))
    while true {
      do throws(FormatError) {
        windowCount = try window.withMutableBytes { (span) throws(FormatError) in
          var piece = span._mutatingExtracting(..<wanted)
          return try source.read(at: start, into: &piece)
        }
        break
      } catch {
        // The damage may lie behind the header, where nobody has asked to read. Halving comes close
        // to it in few steps.
        guard error.code.isAboutInput, wanted > size else { throw error }
        wanted = max(wanted / 2, size)
      }
    }
    guard windowCount >= size else {
      throw FormatError(
        .truncated, "\(what()) needs \(size) bytes, \(windowCount) are left", at: start
      ).located(file: source.name)
    }
  }
}
