import Synchronization

/// The bytes that a zstd stream decompresses to, read front to back.
///
/// Tasks may read a little out of turn: the last bytes that came out are kept, and as far as a header
/// can reach a step back begins the stream anew. Beyond that it is refused. A stream does not know
/// its end, so ``byteCount`` is `nil`.
public final class ZstdSource: ByteSource {
  /// The name of the compressed file.
  public var name: String { compressed.name }
  /// Unknown: what a frame claims about its content is not to be trusted.
  public var byteCount: Int? { nil }
  /// Front to back.
  public var access: ByteAccess { .forward }

  private let compressed: any ByteSource
  private let state: Mutex<State>

  /// Makes a source of a compressed one.
  ///
  /// - Throws: `io` when libzstd has no memory for it.
  public init(_ compressed: any ByteSource) throws(FormatError) {
    self.compressed = compressed
    state = Mutex(State(stream: try ZstdStream(compressed)))
  }

  /// Reads; see ``ByteSource/read(at:into:)``.
  ///
  /// - Throws: `unsupported` for a step back that would mean to begin anew.
  public func read(
    at offset: Int, into destination: inout MutableRawSpan
  ) throws(FormatError) -> Int {
    // No stream goes on for so long.
    guard offset >= 0, offset <= .max - destination.byteCount else { return 0 }
    let name = name
    var bytes = [UInt8](repeating: 0, count: destination.byteCount)
    let count = try state.withLock { (state) throws(FormatError) in
      try locating(file: name) { () throws(FormatError) in try state.read(at: offset, into: &bytes)
      }
    }
    bytes.withBytes { destination.copy($0, from: 0, count: count, to: 0) }
    return count
  }

  /// Throws when the compressed file was changed.
  public func checkUnchanged() throws(FormatError) { try compressed.checkUnchanged() }

  /// Gives back the window and what is kept to look back at; the next read begins the stream anew,
  /// where that can be done.
  public func rest() {
    guard compressed.access == .direct else { return }
    state.withLock { $0.rest() }
  }

  /// Whether the compressed bytes come once.
  var comesOnce: Bool { compressed.access == .once }

  /// How many bytes have been decompressed since the stream began.
  var position: Int { state.withLock { $0.position } }

  /// The largest window of the frames so far.
  var windowByteCount: Int { state.withLock { $0.stream.windowByteCount } }

  /// The window of the first frame with any content.
  func firstWindowByteCount() throws(FormatError) -> Int {
    _ = try prefix(1)
    return windowByteCount
  }

  /// Refuses frames with larger windows from here on.
  func limitWindow(to byteCount: Int) { state.withLock { $0.stream.windowLimit = byteCount } }
}

extension ZstdSource {
  /// The stream, and the last bytes that came out of it, each at its offset modulo their number.
  private struct State: ~Copyable {
    var stream: ZstdStream
    private var recent: [UInt8] = []
    private(set) var position = 0
    /// What ended the stream; it would go on with anything.
    private var failure: FormatError?

    init(stream: consuming ZstdStream) { self.stream = stream }

    mutating func rest() {
      stream.giveBackWindow()
      recent = []
      position = 0
      failure = nil
    }

    mutating func read(at offset: Int, into bytes: inout [UInt8]) throws(FormatError) -> Int {
      recent.resize(to: ZstdLimits.lookBackByteCount)
      if offset < position - recent.count { try rewind(to: offset) }
      var done = 0
      while done < bytes.count {
        let place = (offset + done) % recent.count
        if offset + done < position {
          let count = min(position - offset - done, recent.count - place, bytes.count - done)
          recent.withBytes { recent in
            bytes.withMutableBytes { $0.copy(recent, from: place, count: count, to: done) }
          }
          done += count
        } else if try !advance(to: offset + bytes.count) {
          break
        }
      }
      return done
    }

    /// - Returns: `false` at the end.
    private mutating func advance(to end: Int) throws(FormatError) -> Bool {
      if let failure { throw failure }
      let place = position % recent.count
      let range = place..<place + min(recent.count - place, end - position)
      do throws(FormatError) {
        let count = try stream.read(into: &recent, range)
        position += count
        return count > 0
      } catch {
        failure = error
        throw error
      }
    }

    private mutating func rewind(to offset: Int) throws(FormatError) {
      guard position <= ZstdLimits.rewindByteCount else {
        throw FormatError(
          .unsupported,
          "the compressed file has no seek table and is read front to back: byte \(offset) of its "
            + "content has gone by, at \(position); 'bonsai-fmt unpack' makes a file of it that "
            + "can be read anywhere")
      }
      stream.rewind()
      position = 0
      failure = nil
    }
  }
}
