import Synchronization

/// Cuts what comes into frames, has the tasks that bring it compress them, one each, and writes them in
/// order. The bytes depend on the content, the level and libzstd's version, and not on the tasks or on
/// the pieces in which they bring it.
final class FrameSink: SequentialSink {
  private struct Frame {
    let number: Int
    var buffers: FrameBuffers
  }

  private struct Cutting {
    var open = FrameBuffers()
    var full: [Frame] = []
    var count = 0
  }

  private let level: Int
  private let frameByteCount: Int
  /// Whether each frame is decompressed again before it is written, where nobody can read it later.
  private let isProving: Bool
  private let cutting = Mutex(Cutting())
  private let appender: Mutex<FrameAppender>
  private let turnstile = Turnstile()
  private let pool = FrameBufferPool()

  /// - Parameters:
  ///   - level: 1 to 22.
  ///   - appender: What writes the frames.
  init(
    level: Int, frameByteCount: Int = ZstdLimits.writtenFrameByteCount, isProving: Bool = false,
    _ appender: FrameAppender
  ) {
    self.level = level
    self.isProving = isProving
    self.frameByteCount = frameByteCount
    self.appender = Mutex(appender)
  }

  /// How many compressed bytes have been written.
  var position: Int { appender.withLock { $0.byteCount } }

  func append(_ bytes: RawSpan) {
    cutting.withLock { cutting in
      var start = 0
      while start < bytes.byteCount {
        let count = min(
          bytes.byteCount - start, frameByteCount - cutting.open.content.count)
        cutting.open.content.append(bytes.extracting(start..<start + count))
        start += count
        if cutting.open.content.count == frameByteCount { close(&cutting) }
      }
    }
  }

  func work() throws(FormatError) {
    // In order: who waits for an earlier frame shall know that somebody is working on it.
    while let frame = cutting.withLock({ $0.full.isEmpty ? nil : $0.full.removeFirst() }) {
      try compress(frame)
    }
  }

  func abandon() { turnstile.abandon() }

  /// Writes what is left, and the seek table.
  ///
  /// - Returns: The number of compressed bytes, all together.
  func finish() throws(FormatError) -> Int {
    cutting.withLock { cutting in
      if !cutting.open.content.isEmpty { close(&cutting) }
    }
    try work()
    return try appender.withLock { (appender) throws(FormatError) in try appender.finish() }
  }

  private func close(_ cutting: inout Cutting) {
    var buffers = pool.take()
    buffers.content.resize(to: 0)
    swap(&buffers, &cutting.open)
    cutting.full.append(Frame(number: cutting.count, buffers: buffers))
    cutting.count += 1
  }

  private func compress(_ frame: Frame) throws(FormatError) {
    var frame = frame
    do throws(FormatError) {
      let bytes = try Zstd.compress(
        frame.buffers.content, level: level, scratch: &frame.buffers.packed)
      let count = frame.buffers.content.count
      if isProving { try prove(bytes, frame.buffers.content) }
      try turnstile.pass(frame.number, next: frame.number + 1) { () throws(FormatError) in
        try appender.withLock { (appender) throws(FormatError) in
          try appender.append(bytes, contentByteCount: count)
        }
      }
      pool.give(frame.buffers)
    } catch {
      turnstile.abandon()
      throw error
    }
  }

  private func prove(_ frame: [UInt8], _ content: [UInt8]) throws(FormatError) {
    var found = [UInt8](repeating: 0, count: content.count)
    try Zstd.decompress(frame, into: &found)
    guard found.hasSameBytes(as: content) else {
      throw FormatError(.proofFailed, "what was compressed is not what decompresses")
    }
  }
}
