import Synchronization

/// The content of a zstd file with a seek table, read from any offset by any number of tasks.
///
/// Each read decompresses the frames around it. Those last used are kept.
public final class SeekableSource: ByteSource {
  /// The name of the compressed file.
  public var name: String { compressed.name }
  /// What the seek table says; every frame is compared with it when it is read.
  public var byteCount: Int? { table.byteCount }
  /// In any order, frame by frame.
  public var access: ByteAccess { .framed }

  let table: SeekTable
  let compressed: any ByteSource
  private let number = FrameCache.nextNumber()
  /// The frames that are known to lie where the table says.
  let placed = Mutex(Placed())

  init(_ compressed: any ByteSource, _ table: SeekTable) {
    self.compressed = compressed
    self.table = table
  }

  deinit { FrameCache.shared.remove(source: number) }

  /// Reads; see ``ByteSource/read(at:into:)``.
  ///
  /// - Throws: also `malformed` and `truncated`, where a frame is not what the table says.
  public func read(
    at offset: Int, into destination: inout MutableRawSpan
  ) throws(FormatError) -> Int {
    guard offset >= 0, offset < table.byteCount else { return 0 }
    let wanted = min(destination.byteCount, table.byteCount - offset)
    var done = 0
    var index = table.index(of: offset)
    while done < wanted {
      let frame = table[index].content
      let start = offset + done - frame.lowerBound
      let count = min(frame.count - start, wanted - done)
      if count > 0 {
        let bytes = try content(of: index)
        bytes.withBytes { destination.copy($0, from: start, count: count, to: done) }
      }
      done += count
      index += 1
    }
    return done
  }

  /// Throws when the compressed file was changed.
  public func checkUnchanged() throws(FormatError) { try compressed.checkUnchanged() }

  /// Reads one frame past the cache, for those who read each of them once.
  func read(frame index: Int, into buffers: inout FrameBuffers) throws(FormatError) {
    do throws(FormatError) {
      try place(index)
      try decompress(table[index], into: &buffers)
    } catch {
      throw error.located(file: name)
    }
  }

  private func content(of index: Int) throws(FormatError) -> [UInt8] {
    try FrameCache.shared.bytes(.init(source: number, frame: index)) { () throws(FormatError) in
      try made(index)
    } meanwhile: {
      lookAhead(from: index)
    }
  }

  private func made(_ index: Int) throws(FormatError) -> [UInt8] {
    var buffers = FrameBuffers()
    try read(frame: index, into: &buffers)
    return buffers.content
  }

  /// Makes the next frame that is not being made. Tasks that read neighbouring columns need the same
  /// frames in the same order: they would all wait for the one that comes first.
  private func lookAhead(from index: Int) {
    for next in index + 1..<max(index + 1, min(index + 8, table.count)) {
      let isMade = FrameCache.shared.prepare(.init(source: number, frame: next)) {
        () throws(FormatError) in try made(next)
      }
      if isMade { return }
    }
  }

  /// Decompresses a frame, and holds all of it against the table.
  func decompress(
    _ frame: SeekTable.Frame, into buffers: inout FrameBuffers
  ) throws(FormatError) {
    try compressed.read(frame.packed, into: &buffers.packed)
    try decompressRead(frame, into: &buffers)
  }

  /// The same with one whose bytes are in `buffers.packed`.
  func decompressRead(
    _ frame: SeekTable.Frame, into buffers: inout FrameBuffers
  ) throws(FormatError) {
    let start = frame.packed.lowerBound
    let header = try ZstdFrameHeader(
      Array(buffers.packed.prefix(ZstdFrameHeader.longestByteCount)), at: start)
    _ = try Self.statedSize(header, of: frame)
    buffers.content.resize(to: frame.content.count)
    do throws(FormatError) {
      try Zstd.decompress(buffers.packed, into: &buffers.content)
      if let checksum = frame.checksum { try Self.check(checksum, of: buffers, header) }
    } catch {
      throw error.located(offset: start)
    }
  }

  private static func check(
    _ checksum: UInt32, of buffers: FrameBuffers, _ header: ZstdFrameHeader
  ) throws(FormatError) {
    // A frame may end with its own, which libzstd has just compared: it is the same hash.
    let found =
      header.checksumByteCount == 4
      ? buffers.packed.withBytes { $0.load($0.byteCount - 4, as: UInt32.self) }
      : UInt32(truncatingIfNeeded: XXHash64.hash(buffers.content))
    guard found == checksum else {
      throw FormatError(
        .malformed, "the content of this frame does not have the checksum of the seek table")
    }
  }
}
