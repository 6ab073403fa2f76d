import CZstd
import Synchronization

/// The bytes that a zstd stream decompresses to, read front to back.
///
/// For headers: what lies ahead is decompressed and dropped, and a step back begins anew from the
/// start. A stream does not know its end, so ``byteCount`` is `nil`.
public final class ZstdSource: ByteSource {
  /// The name of the compressed file.
  public let name: String
  /// Unknown: what a frame claims about its content is not to be trusted.
  public var byteCount: Int? { nil }

  private let compressed: any ByteSource
  private let stream: Mutex<ZstdStream>

  /// The first bytes of every zstd frame.
  static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Makes a source of a compressed one.
  ///
  /// - Throws: `io` when libzstd has no memory for it.
  public init(_ compressed: any ByteSource) throws(FormatError) {
    self.compressed = compressed
    name = compressed.name
    stream = Mutex(try ZstdStream())
  }

  /// Reads; see ``ByteSource/read(at:into:)``.
  public func read(
    at offset: Int, into destination: inout MutableRawSpan
  ) throws(FormatError) -> Int {
    guard offset >= 0 else { return 0 }
    var bytes = [UInt8](repeating: 0, count: destination.byteCount)
    let result = stream.withLock { stream -> Result<Int, FormatError> in
      do throws(FormatError) {
        if offset < stream.position { stream.rewind() }
        var dropped = [UInt8](repeating: 0, count: 1 << 16)
        while stream.position < offset {
          dropped.resize(to: min(1 << 16, offset - stream.position))
          if try stream.read(into: &dropped, from: compressed) == 0 { return .success(0) }
        }
        return .success(try stream.read(into: &bytes, from: compressed))
      } catch {
        return .failure(error.located(file: name))
      }
    }
    let count = try result.get()
    bytes.withBytes { destination.copy($0, from: 0, count: count, to: 0) }
    return count
  }
}

/// A decompression that stands at some place of a stream.
@safe private struct ZstdStream: ~Copyable {
  /// How many bytes have come out.
  private(set) var position = 0
  private var context: OpaquePointer
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  private var inputRange = 0..<0
  private var inputOffset = 0
  private var isAtFrameEnd = true

  /// More than this a window must not ask for: libzstd's own default.
  private static let windowLog: Int32 = 27

  init() throws(FormatError) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw FormatError(.io, "libzstd has no memory for a decompression")
    }
    unsafe self.context = context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  mutating func rewind() {
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    position = 0
    inputRange = 0..<0
    inputOffset = 0
    isAtFrameEnd = true
  }

  /// Fills `bytes` as far as the stream goes; returns how far.
  mutating func read(
    into bytes: inout [UInt8], from source: any ByteSource
  ) throws(FormatError) -> Int {
    var done = 0
    while done < bytes.count {
      if inputRange.isEmpty, try !refill(from: source) {
        guard isAtFrameEnd else {
          throw FormatError(.truncated, "the zstd stream ends within a frame", at: inputOffset)
        }
        break
      }
      done += try decompress(into: &bytes, from: done)
    }
    position += done
    return done
  }

  private mutating func refill(from source: any ByteSource) throws(FormatError) -> Bool {
    let offset = inputOffset
    let count = try input.withMutableBytes { (span) throws(FormatError) in
      try source.read(at: offset, into: &span)
    }
    inputOffset += count
    inputRange = 0..<count
    return count > 0
  }

  private mutating func decompress(
    into bytes: inout [UInt8], from start: Int
  ) throws(FormatError) -> Int {
    let context = unsafe self.context
    let range = inputRange
    var (read, written, status) = (0, 0, 0)
    unsafe input.withUnsafeBytes { source in
      unsafe bytes.withUnsafeMutableBytes { target in
        var inBuffer = unsafe ZSTD_inBuffer(
          src: source.baseAddress, size: range.upperBound, pos: range.lowerBound)
        var outBuffer = unsafe ZSTD_outBuffer(
          dst: target.baseAddress, size: target.count, pos: start)
        status = unsafe ZSTD_decompressStream(context, &outBuffer, &inBuffer)
        (read, written) = unsafe (inBuffer.pos, outBuffer.pos - start)
      }
    }
    if ZSTD_isError(status) != 0 {
      let reason = unsafe String(cString: ZSTD_getErrorName(status))
      throw FormatError(
        .malformed, "the zstd stream cannot be decompressed: \(reason)",
        at: inputOffset - range.upperBound + range.lowerBound)
    }
    inputRange = read..<range.upperBound
    isAtFrameEnd = status == 0
    return written
  }
}
