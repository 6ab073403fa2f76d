import Synchronization
import Testing

@testable import Formats

/// What an input can make us do at most; Specs/limits.md. Measured by work done, for time on a busy
/// machine says little.
@Suite struct BudgetTests {
  /// Counts what is read of it.
  final class CountingSource: ByteSource {
    let name = "counted"
    private let bytes: MemorySource
    let count = Mutex(0)
    var byteCount: Int? { bytes.byteCount }

    init(_ bytes: [UInt8]) { self.bytes = MemorySource(bytes) }

    func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
      let read = try bytes.read(at: offset, into: &destination)
      count.withLock { $0 += read }
      return read
    }
  }

  /// 100,000 tensors, whatever the container: a table of names, no comparing of each with each,
  /// which would be minutes here.
  @Test func manyTensors() throws {
    var builder = GGUFBuilder()
    for index in 0..<40_000 { builder.add("key.\(index)", 0, [1]) }
    for index in 0..<100_000 { builder.infos.append(.init("t\(index)", [0], 0, at: 0)) }
    let header = (0..<100_000).map {
      #""t\#($0)":{"dtype":"F16","shape":[0],"data_offsets":[0,0]}"#
    }
    let files = [builder.bytes, safetensors("{\(header.joined(separator: ","))}")]
    for bytes in files {
      let source = CountingSource(bytes)
      let clock = ContinuousClock()
      let time = try clock.measure {
        let model = try Model(reading: source)
        #expect(model.tensors.count == 100_000)
        _ = try Inspection(model)
      }
      // The header once, and its windows' rest.
      #expect(source.count.withLock { $0 } <= bytes.count + (1 << 20))
      #expect(time < .seconds(60))
    }
  }

  /// Tensor data is not read, however much of it there is.
  @Test func dataIsLeftAlone() throws {
    let size = 64 << 20
    let bytes = safetensors(
      #"{"a":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]}}"#, dataByteCount: 0)
    let source = CountingSource(bytes + [UInt8](repeating: 0, count: size))
    _ = try Inspection(Model(reading: source))
    #expect(source.count.withLock { $0 } < 1000)
  }

  /// Of what is compressed, as much is decompressed as the header needs, and libzstd's block around
  /// its end; with a seek table the frame around it.
  @Test("Inspecting decompresses the header", arguments: [5, 3000])
  func inspectingDecompressesTheHeader(tensorCount: Int) async throws {
    let size = 16 << 20
    let header = (0..<tensorCount).map { index in
      let range = index == 0 ? "0,\(size)" : "\(size),\(size)"
      return #""t\#(index)":{"dtype":"U8","shape":[\#(index == 0 ? size : 0)],"#
        + #""data_offsets":[\#(range)]}"#
    }
    let bytes = safetensors("{\(header.joined(separator: ","))}", dataByteCount: 0)
    var random = SystemRandomNumberGenerator()
    let data = (0..<size / 8).map { _ in random.next() as UInt64 }
    let content = bytes + data.withUnsafeBytes { Array($0) }

    let forward = CountingSource(Packed.plain(content))
    let decompressed = try ZstdSource(forward)
    let model = try Model(reading: StreamSource(decompressed))
    #expect(try Inspection(model).tensors.count == tensorCount)
    #expect(decompressed.position <= bytes.count)
    // What has been read of the file: data is as long compressed as it is.
    let block = 1 << 17
    #expect(forward.count.withLock { $0 } <= bytes.count + 2 * block)

    let seekable = CountingSource(try await Packed.written(content))
    _ = try Inspection(Model(reading: Formats.decompressed(seekable)))
    #expect(seekable.count.withLock { $0 } <= bytes.count + (1 << 20) + 1000)
  }

  /// Entries that hold nothing are checked before anything is read, each of them once.
  @Test func manyFramesOfNothing() throws {
    let zeros = Packed.plain([UInt8](repeating: 0, count: 1 << 24))
    let nothing = Packed.plain([])
    // With less content they would be read front to back.
    let (full, empty) = (30, 100_000)
    let frames = Array(repeating: zeros, count: full) + Array(repeating: nothing, count: empty)
    let contents = Array(repeating: 1 << 24, count: full) + Array(repeating: 0, count: empty)
    let bytes = Packed.seekable(frames, contents: contents)
    let source = CountingSource(bytes)
    let time = try ContinuousClock().measure {
      let content = try #require(try Formats.decompressed(source) as? SeekableSource)
      #expect(content.table.count == full + empty)
      try content.placeAll()
    }
    #expect(source.count.withLock { $0 } <= 2 * bytes.count)
    #expect(time < .seconds(60))
  }

  /// 32 KB that decompress to a gigabyte: as far as the inner header goes, and a byte further.
  @Test func bombs() throws {
    var builder = GGUFBuilder()
    builder.add(tensor: "t", [8], 0, bytes: 32)
    let zeros = Packed.plain([UInt8](repeating: 0, count: 1 << 24))
    let bomb = Packed.plain(builder.bytes) + [[UInt8]](repeating: zeros, count: 64).flatMap { $0 }
    let folder = try TemporaryFolder()
    let model = try Model(opening: folder.write("bomb.zst", bomb))
    let stream = try #require(model.files[0].source as? StreamSource)
    #expect(throws: FormatError.self) { try model.checkEnds() }
    // What a header's window has taken.
    #expect(stream.position <= 1 << 19)
  }

  @Test func whatABombSays() async throws {
    // A frame that claims 2^40 bytes, and holds three.
    let claim: [UInt8] = [
      0x28, 0xB5, 0x2F, 0xFD, 0xC0, 0x58, 0, 0, 0, 0, 0, 1, 0, 0, 0x19, 0, 0, 1, 2, 3,
    ]
    let error = await failure { _ = try decompressed(MemorySource(claim)).everything() }
    #expect(error != nil)
  }

  /// Whoever shows a file that has been replaced in the meantime says so.
  @Test func changesWhileReading() async throws {
    for change in ["longer", "shorter", "touched"] {
      let folder = try TemporaryFolder()
      let path = try folder.write("m.gguf", Fixture.bytes("micro/q1_0.gguf"))
      let model = try Model(opening: path)
      let descriptor = try SystemCalls.open(path, 2)
      defer { try? SystemCalls.close(descriptor, path: path) }
      let size = try SystemCalls.status(descriptor, path: path).byteCount
      if change == "touched" {
        let bytes: [UInt8] = [0x47]
        _ = try bytes.withUnsafeBytes { (span) throws(FormatError) in
          try SystemCalls.write(descriptor, from: span, at: 0, path: path)
        }
      } else {
        try SystemCalls.setLength(descriptor, to: size + (change == "longer" ? 1 : -1), path: path)
      }
      let inspection = await failure { _ = try Inspection(model) }
      let fingerprint = await failure { _ = try await model.fingerprint() }
      let comparison = await failure {
        let other = try Model(opening: Fixture.path("micro/q1_0.gguf"))
        _ = try await WeightComparison(other, model)
      }
      for error in [inspection, fingerprint, comparison] {
        #expect(error?.code == .io || error?.code == .truncated, "\(change)")
      }
    }
  }

  /// A template is text: it goes through as it is, whatever it would do if anybody ran it.
  @Test func templatesAreNotRun() async throws {
    let template =
      "{{ 6 * 7 }}{% for x in range(10**9) %}{{ cycler.__init__.__globals__ }}{% endfor %}"
    let folder = try TemporaryFolder()
    var gguf = try EditedGGUF()
    gguf.set([("tokenizer.chat_template", .text(template))])
    try await convert(gguf.write(to: folder), .fp16, to: folder("out"))
    let settings = try JSONValue(
      parsing: folder.bytes("out/tokenizer_config.json"), name: "tokenizer_config.json")
    #expect(settings["chat_template"] == .string(template))
  }

  /// Sizes that a header states but no file has.
  @Test func sizesBeyondCounting() {
    let huge = MatrixShape(rows: 1 << 31, columns: 1 << 31)
    for layout in Layouts.all { #expect(layout.byteCount(of: huge) > 0) }
    #expect(Layout.f32.byteCount(of: huge) == .max)
    #expect(Layout(opaque: .f64).byteCount(of: huge) == .max)
  }
}
