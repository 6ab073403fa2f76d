import CZstd

/// A decompression that stands at some place of a stream of frames.
@safe struct ZstdStream: ~Copyable {
  private let source: any ByteSource
  private var context: OpaquePointer
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  /// What of `input` has not been decompressed yet.
  private var inputRange = 0..<0
  /// Where in the file the bytes of `input` end.
  private var inputEnd = 0
  private var isInFrame = false
  /// The largest window of the frames so far.
  private(set) var windowByteCount = 0
  /// The largest that a frame may ask for.
  var windowLimit = ZstdLimits.windowByteCount

  init(_ source: any ByteSource) throws(FormatError) {
    guard let context = unsafe ZSTD_createDCtx() else { throw Zstd.noMemory }
    self.source = source
    unsafe self.context = context
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  mutating func rewind() {
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    inputRange = 0..<0
    inputEnd = 0
    isInFrame = false
  }

  /// Begins anew without a window, which only another context does not have.
  mutating func giveBackWindow() {
    rewind()
    guard let other = unsafe ZSTD_createDCtx() else { return }
    unsafe ZSTD_freeDCtx(context)
    unsafe context = other
  }

  /// Puts the next bytes into a range of `bytes`, at least one unless the stream has ended.
  mutating func read(into bytes: inout [UInt8], _ range: Range<Int>) throws(FormatError) -> Int {
    while true {
      if !isInFrame, try !beginFrame() { return 0 }
      // libzstd leaves a byte of the frame behind as long as it has more to give.
      if inputRange.isEmpty {
        try fill(atLeast: 1)
        guard !inputRange.isEmpty else {
          throw FormatError(.truncated, "the file ends within a zstd frame", at: inputEnd)
        }
      }
      let count = try decompress(into: &bytes, range)
      if count > 0 { return count }
    }
  }

  /// Moves on to the content of the next frame that has any meaning.
  ///
  /// - Returns: `false` at the end of the file.
  private mutating func beginFrame() throws(FormatError) -> Bool {
    while true {
      try fill(atLeast: ZstdFrameHeader.longestByteCount)
      guard !inputRange.isEmpty else { return false }
      let offset = inputEnd - inputRange.count
      let bytes = Array(input[inputRange].prefix(ZstdFrameHeader.longestByteCount))
      let header = try ZstdFrameHeader(bytes, at: offset)
      guard case .skippable(let count) = header.kind else {
        try take(header, at: offset)
        return true
      }
      try skip(to: offset + 8 + count, from: offset)
    }
  }

  private mutating func take(_ header: ZstdFrameHeader, at offset: Int) throws(FormatError) {
    guard header.windowByteCount <= windowLimit else {
      throw FormatError(
        .limit,
        "the zstd frame asks for a window of \(header.windowByteCount) bytes, after frames with "
          + "\(windowByteCount), and memory is left for \(windowLimit): more of it can be had by "
          + "--max-memory", at: offset)
    }
    windowByteCount = max(windowByteCount, header.windowByteCount)
    isInFrame = true
  }

  private mutating func skip(to end: Int, from start: Int) throws(FormatError) {
    // What is here has been read, and a pipe does not bring it again.
    guard end > inputEnd else {
      inputRange = inputRange.upperBound - (inputEnd - end)..<inputRange.upperBound
      return
    }
    var last: [UInt8] = [0]
    let isThere = try last.withMutableBytes { (span) throws(FormatError) in
      try source.read(at: end - 1, into: &span) == 1
    }
    guard isThere else {
      throw FormatError(.truncated, "the file ends within a skippable frame of zstd", at: start)
    }
    inputRange = 0..<0
    inputEnd = end
  }

  /// Reads until there is so much input, or the file ends.
  private mutating func fill(atLeast count: Int) throws(FormatError) {
    guard inputRange.count < count else { return }
    let (rest, offset) = (inputRange.count, inputEnd)
    input.replaceSubrange(0..<rest, with: Array(input[inputRange]))
    let source = source
    let added = try input.withMutableBytes { (span) throws(FormatError) in
      var free = span._mutatingExtracting(rest..<span.byteCount)
      return try source.read(at: offset, into: &free)
    }
    inputRange = 0..<rest + added
    inputEnd += added
  }

  private mutating func decompress(
    into bytes: inout [UInt8], _ range: Range<Int>
  ) throws(FormatError) -> Int {
    let context = unsafe self.context
    let held = inputRange
    var (read, end, status) = (0, 0, 0)
    unsafe input.withUnsafeBytes { source in
      unsafe bytes.withUnsafeMutableBytes { target in
        var inBuffer = unsafe ZSTD_inBuffer(
          src: source.baseAddress, size: held.upperBound, pos: held.lowerBound)
        var outBuffer = unsafe ZSTD_outBuffer(
          dst: target.baseAddress, size: range.upperBound, pos: range.lowerBound)
        status = unsafe ZSTD_decompressStream(context, &outBuffer, &inBuffer)
        (read, end) = unsafe (inBuffer.pos, outBuffer.pos)
      }
    }
    guard ZSTD_isError(status) == 0 else {
      throw Zstd.failure(status).located(offset: inputEnd - held.count)
    }
    inputRange = read..<held.upperBound
    isInFrame = status != 0
    return end - range.lowerBound
  }
}
