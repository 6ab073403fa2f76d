import Synchronization

/// Bytes that come once, front to back: those of a pipe, or of a compressed stream.
///
/// The first bytes are kept, so that whoever opens a model can go back and forth in its header; from
/// ``keepNoMore()`` on, what follows is handed out once, at offsets that only grow, and what is not
/// asked for in passing is dropped.
public final class StreamSource: ByteSource {
  /// What messages call it.
  public let name: String
  /// Unknown: only reading to the end will tell.
  public var byteCount: Int? { nil }

  /// Front to back.
  public var access: ByteAccess { upstream.access }

  /// Whether nobody can open it once more: a pipe, compressed or not.
  var comesOnce: Bool {
    access == .once || (upstream as? ZstdSource)?.comesOnce == true
  }

  private let upstream: any ByteSource
  private let limits: Limits
  private let state = Mutex(State())

  private struct State {
    var head: [UInt8] = []
    var keepsHead = true
    /// How many bytes have come.
    var position = 0
  }

  private static let pieceByteCount = 1 << 16

  /// Makes a source of another, which is read front to back, each byte once.
  init(_ upstream: any ByteSource, limits: Limits = .standard) {
    self.limits = limits
    self.upstream = upstream
    name = upstream.name
  }

  /// Hands out what has come as often as it is asked for, and all else once.
  func keepNoMore() { state.withLock { $0.keepsHead = false } }

  /// How many bytes have come.
  var position: Int { state.withLock { $0.position } }

  /// How many bytes are kept of the beginning.
  var headByteCount: Int { state.withLock { $0.head.count } }

  /// The window of the frames that it is decompressed from, as far as they have been seen.
  var windowByteCount: Int { (upstream as? ZstdSource)?.windowByteCount ?? 0 }

  /// Refuses frames with a larger window from here on.
  func limitWindow(to byteCount: Int) { (upstream as? ZstdSource)?.limitWindow(to: byteCount) }

  /// Throws when what is read was changed.
  public func checkUnchanged() throws(FormatError) { try upstream.checkUnchanged() }

  /// Gives back what the source of the bytes holds.
  public func rest() { upstream.rest() }

  /// Reads; see ``ByteSource/read(at:into:)``.
  ///
  /// - Throws: also `unsupported` for bytes that have gone by; `limit` for a header that is too large
  ///   to be kept.
  public func read(
    at offset: Int, into destination: inout MutableRawSpan
  ) throws(FormatError) -> Int {
    guard offset >= 0 else { return 0 }
    let result = unsafe destination.withUnsafeMutableBytes { buffer in
      state.withLock { state -> Result<Int, FormatError> in
        do throws(FormatError) {
          return .success(try unsafe read(at: offset, into: buffer, &state))
        } catch {
          return .failure(error.located(file: name))
        }
      }
    }
    return try result.get()
  }

  private func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer, _ state: inout State
  ) throws(FormatError) -> Int {
    if state.keepsHead { try keep(upTo: offset, buffer.count, &state) }
    guard offset >= state.head.count else {
      let held = min(buffer.count, state.head.count - offset)
      unsafe buffer.copyBytes(from: state.head[offset..<offset + held])
      guard held < buffer.count, !state.keepsHead else { return held }
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[held...])
      return held + (try unsafe pass(offset + held, rest, &state))
    }
    return state.keepsHead ? 0 : try unsafe pass(offset, buffer, &state)
  }

  /// Keeps all up to the end of a range, or of the stream.
  private func keep(upTo offset: Int, _ count: Int, _ state: inout State) throws(FormatError) {
    let end = try offset.adding(count, "the end of the range")
    guard end <= limits[.streamHeader] else {
      throw limits.exceeded(
        "the stream's header goes on to byte \(end), and all before is kept", .streamHeader,
        at: offset)
    }
    var piece: [UInt8] = []
    while state.position < end {
      piece.resize(to: min(end - state.position, Self.pieceByteCount))
      let came = try pull(&piece, state.position)
      state.head += piece[..<came]
      state.position += came
      if came < piece.count { return }
    }
  }

  /// Reads what has not come yet.
  private func pass(
    _ offset: Int, _ buffer: UnsafeMutableRawBufferPointer, _ state: inout State
  ) throws(FormatError) -> Int {
    guard offset >= state.position else {
      throw FormatError(
        .unsupported, "these bytes of the stream have gone by, and come only once", at: offset)
    }
    var dropped: [UInt8] = []
    while state.position < offset {
      dropped.resize(to: min(offset - state.position, Self.pieceByteCount))
      let came = try pull(&dropped, state.position)
      state.position += came
      if came < dropped.count { return 0 }
    }
    var span = unsafe MutableRawSpan(_unsafeBytes: buffer)
    let came = try upstream.read(at: offset, into: &span)
    state.position += came
    return came
  }

  private func pull(_ bytes: inout [UInt8], _ offset: Int) throws(FormatError) -> Int {
    try bytes.withMutableBytes { (span) throws(FormatError) in
      try upstream.read(at: offset, into: &span)
    }
  }

  /// Where a stream ended, compared with where it should.
  enum End: Sendable, Hashable {
    /// Too early: after so many bytes.
    case before(Int)
    /// Where it may: after so many bytes.
    case within(Int)
    /// Somewhere behind; how far nobody has looked.
    case beyond
  }

  /// Reads to the end, as far as that may be away.
  ///
  /// - Parameter counts: How many bytes there may be in all: padding may be there or not.
  func end(_ counts: ClosedRange<Int>) throws(FormatError) -> End {
    var rest = [UInt8](repeating: 0, count: counts.upperBound - counts.lowerBound + 1)
    let start = counts.lowerBound
    let count = try rest.withMutableBytes { (span) throws(FormatError) in
      try read(at: start, into: &span)
    }
    guard position >= start else { return .before(position) }
    return count < rest.count ? .within(start + count) : .beyond
  }

  /// Reads to the end, and throws where it is not where it should be.
  func checkEnd(_ counts: ClosedRange<Int>) throws(FormatError) {
    switch try end(counts) {
    case .within: return
    case .before(let position):
      throw FormatError(
        .truncated,
        "the header asks for \(counts.lowerBound) bytes, the stream ends after \(position)",
        at: position
      ).located(file: name)
    case .beyond:
      throw FormatError(
        .malformed, "the header describes \(counts.upperBound) bytes, and more follow",
        at: counts.upperBound
      ).located(file: name)
    }
  }
}
