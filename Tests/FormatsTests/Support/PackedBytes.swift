import CZstd

@testable import Formats

/// Bytes compressed in ways that the writer does not use.
enum Packed {
  /// One frame, with its content's size and no checksum.
  static func plain(_ bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&result, result.count, bytes, bytes.count, 3)
    return Array(result.prefix(count))
  }

  /// One frame with a checksum; its header does not say what it holds.
  static func silent(_ bytes: [UInt8]) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress2(context, &result, result.count, bytes, bytes.count)
    return Array(result.prefix(count))
  }

  /// One frame as of a stream of which nobody knew the length, with a window of 2^`windowLog` bytes.
  static func streamed(_ bytes: [UInt8], windowLog: Int) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, Int32(windowLog))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
    let count = result.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
        ZSTD_compressStream2(context, &output, &input, ZSTD_e_end)
        return output.pos
      }
    }
    return Array(result.prefix(count))
  }

  static func skippable(_ bytes: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(0x184D_2A53))
    writer.append(UInt32(bytes.count))
    return writer.bytes + bytes
  }

  /// Frames with a seek table behind, which says of each what it is told.
  static func seekable(
    _ frames: [[UInt8]], contents: [Int], checksums: [UInt32?]? = nil
  ) -> [UInt8] {
    var table = SeekTable(hasChecksums: checksums?.first.map { $0 != nil } ?? false)
    for (index, frame) in frames.enumerated() {
      table.append(
        packed: UInt32(frame.count), content: UInt32(contents[index]),
        checksum: checksums?[index] ?? 0)
    }
    return frames.flatMap { $0 } + table.bytes
  }

  /// What the writer makes of bytes.
  static func written(
    _ bytes: [UInt8], frameByteCount: Int = 1 << 20, level: Int = 3, width: Int = 2
  ) async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let file = try OutputFile(creating: folder("packed"), byteCount: 0)
    let writer = SeekableWriter(level: level, width: width, frameByteCount: frameByteCount)
    let count = try await writer.write(MemorySource(bytes), byteCount: bytes.count, to: file)
    try file.seal()
    let packed = try folder.bytes("packed")
    guard packed.count == count else { throw FormatError(.proofFailed, "\(count) bytes") }
    return packed
  }
}

extension ByteSource {
  /// All bytes up to the end, which is looked for.
  func everything() throws(FormatError) -> [UInt8] {
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1000)
    while true {
      let offset = result.count
      let count = try piece.withMutableBytes { (span) throws(FormatError) in
        try read(at: offset, into: &span)
      }
      if count == 0 { return result }
      result += piece[..<count]
    }
  }
}
