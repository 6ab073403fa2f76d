import Testing

@testable import Formats

@Suite("Frames that tasks bring in pieces")
struct FrameSinkTests {
  private static let content = (0..<50_000).map {
    UInt8(truncatingIfNeeded: ($0 &* $0) >> 5 &+ $0 / 900)
  }

  private func sunk(width: Int, pieces: Int, frameByteCount: Int) async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let file = try OutputFile(creating: folder("packed"), byteCount: 0)
    let frames = FrameSink(level: 3, frameByteCount: frameByteCount, FrameAppender(to: file))
    let content = Self.content
    let starts = Array(stride(from: 0, to: content.count, by: pieces))
    let ranges = starts.map { $0..<min($0 + pieces, content.count) }
    let output = SequentialOutput(frames, ranges: ranges, byteCount: content.count)
    try await runJobs(ranges.count, width: width, buffers: { () }) {
      (index, _) throws(FormatError) in
      try output.write(Array(content[ranges[index]]), at: ranges[index].lowerBound)
    }
    let count = try frames.finish()
    try file.seal()
    let packed = try folder.bytes("packed")
    #expect(packed.count == count)
    return packed
  }

  /// Pieces smaller than a frame, and such that fill several.
  @Test(arguments: [1, 2, 7], [700, 1000, 7300])
  func theFramesAreThoseOfTheContent(width: Int, pieces: Int) async throws {
    let frames = try stride(from: 0, to: Self.content.count, by: 1000).map { start in
      var scratch: [UInt8] = []
      return try Zstd.compress(
        Array(Self.content[start..<start + 1000]), level: 3, scratch: &scratch)
    }
    let checksums = frames.map { frame in
      frame.withBytes { $0.load($0.byteCount - 4, as: UInt32.self) }
    }
    let expected = Packed.seekable(
      frames, contents: frames.map { _ in 1000 }, checksums: checksums)
    let found = try await sunk(width: width, pieces: pieces, frameByteCount: 1000)
    #expect(found.hasSameBytes(as: expected))
  }

  @Test func nothingIsAFileToo() async throws {
    let folder = try TemporaryFolder()
    let file = try OutputFile(creating: folder("packed"), byteCount: 0)
    let count = try FrameSink(level: 3, FrameAppender(to: file)).finish()
    try file.seal()
    let packed = try folder.bytes("packed")
    #expect(count == 17)
    #expect(packed == (try await Packed.written([])))
  }

  /// Who waits for a frame that will not come must be told.
  @Test(arguments: [1, 2, 7]) func aFailureHoldsUpNobody(width: Int) async throws {
    let frames = FrameSink(
      level: 1, frameByteCount: 100,
      FrameAppender(to: SmallDisk()))
    let output = SequentialOutput(frames, ranges: [0..<20_000], byteCount: 20_000)
    let error = await failure {
      try await runJobs(200, width: width, buffers: { () }) { (index, _) throws(FormatError) in
        try output.write(Array(Self.content[index * 100..<index * 100 + 100]), at: index * 100)
      }
    }
    #expect(error?.message == "the disk is full")
  }
}

private struct SmallDisk: ByteSink {
  func write(_ bytes: RawSpan, at offset: Int) throws(FormatError) {
    if offset > 300 { throw FormatError(.io, "the disk is full") }
  }
}
