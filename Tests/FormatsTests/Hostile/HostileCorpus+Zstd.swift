@testable import Formats

// zstd: frames and seek tables, around three different contents.
extension HostileCorpus {
  private static let contents: [[UInt8]] = [
    [1, 2, 3], Array(0...200), [UInt8](repeating: 7, count: 5000),
  ]

  /// A file for each of the contents, which is not a model: what is refused comes before that.
  private static func bad(
    _ code: FormatError.Code, _ said: String, _ compose: ([UInt8]) -> [UInt8]
  ) -> [HostileCase] {
    contents.map { content in
      let bytes = compose(content)
      var example = HostileCase("zstd of \(content.count) bytes", code, said) { _ in
        _ = try decompressed(MemorySource(bytes)).everything()
      }
      example.file = bytes
      return example
    }
  }

  /// A frame's header, and what follows it.
  private static func frame(_ descriptor: UInt8, _ rest: [UInt8]) -> [UInt8] {
    [0x28, 0xB5, 0x2F, 0xFD, descriptor] + rest
  }

  static let zstd =
    bad(.malformed, "needed a zstd frame, found something else") {
      Packed.plain($0) + [1, 2, 3, 4]
    }
    + bad(.malformed, "needed a zstd frame, found something else") { Packed.silent($0) + [0x28] }
    + bad(.malformed, "a reserved bit of the zstd frame is set") {
      Packed.plain($0) + frame(8, [0, 1, 0, 0])
    }
    + bad(.unsupported, "needs dictionary 42, and there are none here") {
      Packed.plain($0) + frame(1, [0, 42, 1, 0, 0])
    }
    + bad(.limit, "asks for a window of 150994944 bytes, the limit is 134217728") {
      Packed.plain($0) + frame(0, [17 << 3 | 1, 1, 0, 0])
    }
    + bad(.truncated, "the file ends within the header of a zstd frame") {
      Packed.plain($0) + frame(0xC0, [0])
    }
    + bad(.truncated, "the file ends within a zstd frame") { Packed.silent($0).dropLast() }
    + bad(.truncated, "the file ends within a skippable frame of zstd") {
      Packed.plain($0) + Packed.skippable($0).dropLast()
    }
    + bad(.malformed, "the zstd frame's content does not have its checksum") {
      let bytes = Packed.silent($0)
      return bytes.dropLast() + [bytes[bytes.count - 1] ^ 1]
    }
    // A block of the type that does not exist.
    + bad(.malformed, "the zstd frame cannot be decompressed: ") {
      Packed.plain($0) + frame(0, [0, 7, 0, 0])
    }

  /// A file of two frames; the entries of its table begin at `table`, its end is that of the file.
  private static func badTable(
    _ code: FormatError.Code, _ said: String,
    _ change: (_ bytes: inout [UInt8], _ table: Int, _ first: Int) -> Void
  ) -> [HostileCase] {
    bad(code, said) { content in
      let frames = [Packed.plain(content), Packed.plain([4, 5])]
      var bytes = Packed.seekable(frames, contents: [content.count, 2])
      change(&bytes, bytes.count - 25, frames[0].count)
      return bytes
    }
  }

  /// A frame that the table says to hold nothing: first, between others, last.
  private static func badEntry(
    _ code: FormatError.Code, _ said: String, _ entry: [UInt8]
  ) -> [HostileCase] {
    (1...3).flatMap { place in
      bad(code, said) { content in
        // By its first bytes it is a zstd file in any case.
        var frames = [Packed.plain([]), Packed.plain(content), Packed.plain([4, 5])]
        var contents = [0, content.count, 2]
        frames.insert(entry, at: place)
        contents.insert(0, at: place)
        return Packed.seekable(frames, contents: contents)
      }
    }
  }

  static let seekTables =
    badTable(.malformed, "a reserved bit of the seek table is set") { bytes, _, _ in
      bytes[bytes.count - 5] = 4
    }
    + badTable(.malformed, "a seek table of 16777218 frames has 134217761 bytes, the file has") {
      bytes, _, _ in bytes[bytes.count - 6] = 1
    }
    + badTable(.malformed, "a seek table of 65538 frames has 524321 bytes, the file has") {
      bytes, _, _ in bytes[bytes.count - 7] = 1
    }
    + [0, 1, 2].map { limit in
      HostileCase(
        "a seek table beyond \(limit)", .limit,
        "the seek table lists 3 frames, the limit is \(limit): --limit zstd-frames=N raises it"
      ) { _ in
        var limits = Limits()
        limits[.zstdFrames] = limit
        let bytes = Packed.seekable(
          contents.map(Packed.plain), contents: contents.map(\.count))
        _ = try decompressed(MemorySource(bytes), limits)
      }
    }
    + badTable(.malformed, "the seek table should begin here") { bytes, _, _ in
      bytes[bytes.count - 9] = 1
    }
    + badTable(.malformed, "the seek table's frame states 24 bytes, its entries need 25") {
      bytes, table, _ in bytes[table - 4] -= 1
    }
    + badTable(.malformed, "the seek table lists frames of") { bytes, table, _ in bytes[table] += 1
    }
    + badTable(.malformed, "the seek table says that this frame holds") { bytes, table, _ in
      bytes[table + 4] ^= 1
    }
    + badTable(.malformed, "the frame ends after") { bytes, table, _ in
      bytes[table] += 1
      bytes[table + 8] -= 1
    }
    // Nobody asks for what holds nothing; whoever reads from front to back comes by.
    + badEntry(.malformed, "needed a zstd frame, found something else", [1, 2, 3, 4, 5])
    + badEntry(.malformed, "the frame ends after", Packed.plain([]) + Packed.plain([9]))
    + badEntry(.malformed, "holds 0 bytes, the frame says 3", Packed.plain([7, 8, 9]))
    + badEntry(.malformed, "holds more bytes than are stated", Packed.silent([7, 8, 9]))
    + badEntry(.malformed, "the frame ends after", Packed.skippable([]) + Packed.skippable([1]))
    + bad(.malformed, "does not have the checksum of the seek table") {
      Packed.seekable([Packed.plain($0)], contents: [$0.count], checksums: [1])
    }
    + bad(.malformed, "the zstd frame holds more bytes than are stated") {
      Packed.seekable([Packed.silent($0)], contents: [$0.count - 1])
    }
    + bad(.malformed, "the frame holds ") {
      // A frame that does not state its size, and a table that gives another.
      Packed.seekable([Packed.silent($0)], contents: [$0.count + 1])
    }
}
