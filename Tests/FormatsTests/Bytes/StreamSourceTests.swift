import Foundation
import Testing

@testable import Formats

@Suite("Bytes that come once")
struct StreamSourceTests {
  private static let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  private func stream(_ count: Int = 1000) -> StreamSource {
    StreamSource(PassingBytes(Self.content.prefix(count)))
  }

  @Test func theHeadStaysAndTheRestPasses() async throws {
    let stream = stream()
    #expect(try stream.bytes(90..<100) == Array(Self.content[90..<100]))
    #expect(try stream.bytes(0..<20) == Array(Self.content[0..<20]))
    stream.keepNoMore()
    #expect(try stream.bytes(50..<200) == Array(Self.content[50..<200]))
    #expect(try stream.bytes(3..<100) == Array(Self.content[3..<100]))
    #expect(try stream.bytes(500..<600) == Array(Self.content[500..<600]))
    let error = await failure { _ = try stream.bytes(550..<560) }
    #expect(
      error?.description
        == "<stream>:550: these bytes of the stream have gone by, and come only once")
    #expect(stream.position == 600)
  }

  @Test func theEndIsNoticed() async throws {
    let stream = stream()
    let before = await failure { _ = try stream.bytes(900..<1001) }
    #expect(before?.code == .truncated)
    #expect(before?.message == "needed 101 bytes, the file ends after 100 of them")
    stream.keepNoMore()
    let beyond = await failure { _ = try stream.bytes(1500..<1501) }
    #expect(beyond?.code == .truncated)
  }

  @Test func headsAreLimited() async {
    let stream = stream()
    let error = await failure { _ = try stream.bytes(1 << 28..<(1 << 28) + 1) }
    #expect(error?.code == .limit)
    #expect(stream.position == 0)
  }

  @Test(arguments: [
    (995...1010, nil), (1000...1000, nil), (990...1000, nil),
    (1001...1010, "the header asks for 1001 bytes, the stream ends after 1000"),
    (990...999, "the header describes 999 bytes, and more follow"),
    (100...100, "the header describes 100 bytes, and more follow"),
  ])
  func ends(counts: ClosedRange<Int>, message: String?) async throws {
    let stream = stream()
    _ = try stream.bytes(0..<30)
    stream.keepNoMore()
    let error = await failure { try stream.checkEnd(counts) }
    #expect(error?.message == message)
  }

  @Test("Pipes bring a byte at a time")
  func shortReads() async throws {
    let pipe = Pipe()
    let thread = Thread {
      for byte in Self.content { pipe.fileHandleForWriting.write(Data([byte])) }
      try? pipe.fileHandleForWriting.close()
    }
    thread.start()
    let source = PipeSource(name: "pipe", descriptor: pipe.fileHandleForReading.fileDescriptor)
    let stream = StreamSource(source)
    #expect(try stream.bytes(10..<400) == Array(Self.content[10..<400]))
    stream.keepNoMore()
    #expect(try stream.bytes(400..<1000) == Array(Self.content[400..<1000]))
    try stream.checkEnd(1000...1000)
  }

  @Test func aPipeThatBringsNothingCanBeLeft() async throws {
    let pipe = Pipe()
    let source = PipeSource(name: "pipe", descriptor: pipe.fileHandleForReading.fileDescriptor)
    let task = Task { await failure { _ = try source.bytes(0..<1) } }
    task.cancel()
    #expect(await task.value?.code == .cancelled)
  }

  /// Skippable frames, of which some end in what has been read and some far beyond; a seek table is one.
  @Test(arguments: [0, 1, 100, 131_000, 131_060, 131_072, 300_000])
  func skippableFramesPass(count: Int) async throws {
    let (one, other) = (Array(Self.content[..<600]), Array(Self.content[600...]))
    let skipped = Packed.skippable([UInt8](repeating: 9, count: count))
    let packed = skipped + Packed.plain(one) + skipped + Packed.silent(other) + skipped
    let source = try StreamSource.opening(PassingBytes(packed))
    #expect(try source.bytes(0..<1000) == Self.content)
    let cut = try StreamSource.opening(PassingBytes(packed.dropLast()))
    let error = await failure { _ = try cut.everything() }
    #expect(error?.code == .truncated)
    let written = try StreamSource.opening(
      PassingBytes(await Packed.written(Self.content, frameByteCount: 100)))
    #expect(try written.everything() == Self.content)
  }

  @Test func compressedStreamsAreDecompressed() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("plain", Self.content)
    // Not everywhere: the fixtures' own tests need no such program.
    guard (try? await ChildProcess.run(["zstd", "-q", path])) != nil else { return }
    let source = try StreamSource.opening(PassingBytes(folder.bytes("plain.zst")))
    #expect(source.byteCount == nil)
    #expect(try source.bytes(0..<1000) == Self.content)
  }
}

@Suite("Outputs that are written front to back")
struct SequentialOutputTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func output(
    _ ranges: [Range<Int>], _ count: Int
  ) throws -> (SequentialOutput, Int32) {
    let descriptor = try SystemCalls.open(folder("out"), O_WRONLY | O_CREAT)
    return (
      SequentialOutput(
        DescriptorSink(descriptor: descriptor, name: "out"), ranges: ranges, byteCount: count),
      descriptor
    )
  }

  @Test(arguments: [1, 2, 7]) func tilesWaitForTheirTurn(width: Int) async throws {
    let ranges = [0..<32, 32..<3232, 3264..<3265, 3296..<3296, 3296..<6400]
    let (output, descriptor) = try output(ranges, 6432)
    var pieces: [(offset: Int, count: Int)] = []
    for range in ranges {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 32) {
        pieces.append((start, min(32, range.upperBound - start)))
      }
    }
    let all = pieces
    try await runJobs(all.count, width: width, buffers: { () }) { (index, _) throws(FormatError) in
      let (offset, count) = all[index]
      let bytes = (offset..<offset + count).map { UInt8(truncatingIfNeeded: $0 % 251 + 1) }
      try output.write(bytes, at: offset)
    }
    try SystemCalls.close(descriptor, path: "out")
    let expected = (0..<6432).map { place in
      ranges.contains { $0.contains(place) } ? UInt8(truncatingIfNeeded: place % 251 + 1) : 0
    }
    let same = try folder.bytes("out") == expected
    #expect(same)
    #expect(output.position == 6432)
  }

  /// The others would wait for ever.
  @Test(arguments: [1, 2, 7]) func aTileThatFailsHoldsUpNobody(width: Int) async throws {
    let (output, descriptor) = try output([0..<1000], 1000)
    let error = await failure {
      try await runJobs(100, width: width, buffers: { () }) { (index, _) throws(FormatError) in
        guard index != 5 else {
          let error = FormatError(.malformed, "tile 5")
          output.abandon()
          throw error
        }
        try output.write([UInt8](repeating: 1, count: 10), at: index * 10)
      }
    }
    try SystemCalls.close(descriptor, path: "out")
    #expect(error?.message == "tile 5")
    #expect(output.position <= 50)
  }

  /// Who waits for a tile that will not come says nothing of why: another says that.
  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
  func whoGivesUpIsNotTheCause() async throws {
    let turnstile = Turnstile(at: -1)
    let error = await failure {
      try await runJobs(2, width: 2, buffers: { () }) { (index, _) throws(FormatError) in
        if index == 0 { try turnstile.pass(0, next: 1) {} }
        usleep(100_000)
        turnstile.abandon()
        throw FormatError(.malformed, "tile \(index)")
      }
    }
    #expect(error?.message == "tile 1")
  }
}
