import CZstd

/// libzstd's calls for whole frames. A context serves one frame: what a used one makes may depend
/// on what it was used for, and equal content is to give equal bytes.
enum Zstd {
  /// The levels of compression.
  static let levels = 1...22

  /// The most that a context takes for frames of 1 MiB, as measured.
  static func contextByteCount(level: Int) -> Int { level < 6 ? 6 << 20 : 36 << 20 }

  /// The most bytes that content can become, with its seek table.
  static func bound(_ byteCount: Int) -> Int {
    let size = ZstdLimits.writtenFrameByteCount
    let frames = byteCount.pieces(of: size)
    return frames * (ZSTD_compressBound(size) + 12) + 8 + SeekTable.footerByteCount
  }

  /// One frame, with its content's size in front and its checksum behind.
  ///
  /// - Parameter scratch: Kept from frame to frame: fresh memory costs a fifth of the time.
  static func compress(
    _ bytes: [UInt8], level: Int, scratch: inout [UInt8]
  ) throws(FormatError) -> [UInt8] {
    guard let context = unsafe ZSTD_createCCtx() else { throw noMemory }
    defer { unsafe ZSTD_freeCCtx(context) }
    for (parameter, value) in parameters(level: level) {
      unsafe ZSTD_CCtx_setParameter(context, parameter, value)
    }
    scratch.resize(to: ZSTD_compressBound(bytes.count))
    let status = unsafe scratch.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_compress2(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    guard ZSTD_isError(status) == 0 else {
      throw FormatError(.io, "libzstd cannot compress: \(reason(status))")
    }
    return Array(scratch[..<status])
  }

  /// How frames are compressed at a level; Specs/zstd.md §5.
  ///
  /// At 3 and 4 libzstd remembers about 100,000 earlier strings. Unpacked 1-bit weights repeat their
  /// nearest neighbours just as often: near matches take fewer bits, and small tables stay in cache.
  private static func parameters(level: Int) -> [(ZSTD_cParameter, Int32)] {
    let general = [(ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1)]
    guard (3...4).contains(level) else { return general }
    return general + [
      (ZSTD_c_strategy, Int32(ZSTD_dfast.rawValue)), (ZSTD_c_minMatch, 5),
      (ZSTD_c_hashLog, 9), (ZSTD_c_chainLog, 6),
    ]
  }

  /// Decompresses one frame that is to give exactly `target.count` bytes.
  ///
  /// - Throws: `malformed`; offsets count from the frame.
  static func decompress(_ frame: [UInt8], into target: inout [UInt8]) throws(FormatError) {
    guard let context = unsafe ZSTD_createDCtx() else { throw noMemory }
    defer { unsafe ZSTD_freeDCtx(context) }
    let length = unsafe frame.withUnsafeBytes {
      unsafe ZSTD_findFrameCompressedSize($0.baseAddress, $0.count)
    }
    guard ZSTD_isError(length) == 0 else { throw failure(length) }
    guard length == frame.count else {
      throw FormatError(
        .malformed, "the frame ends after \(length) of the \(frame.count) bytes that it should have"
      )
    }
    let status = unsafe target.withUnsafeMutableBytes { target in
      unsafe frame.withUnsafeBytes { source in
        unsafe ZSTD_decompressDCtx(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    guard ZSTD_isError(status) == 0 else { throw failure(status) }
    guard status == target.count else {
      throw FormatError(
        .malformed, "the frame holds \(status) bytes, \(target.count) are stated")
    }
  }

  /// What a decompression that failed says.
  static func failure(_ status: Int) -> FormatError {
    switch ZSTD_getErrorCode(status) {
    case ZSTD_error_checksum_wrong:
      FormatError(.malformed, "the zstd frame's content does not have its checksum")
    case ZSTD_error_memory_allocation: noMemory
    // There is room for what is stated, and for no more.
    case ZSTD_error_dstSize_tooSmall:
      FormatError(.malformed, "the zstd frame holds more bytes than are stated")
    default: FormatError(.malformed, "the zstd frame cannot be decompressed: \(reason(status))")
    }
  }

  static let noMemory = FormatError(.io, "libzstd has no memory")

  private static func reason(_ status: Int) -> String {
    unsafe String(cString: ZSTD_getErrorName(status))
  }
}
