@testable import Formats

/// Composes the bytes of a GGUF file by hand, right or wrong, in either byte order.
struct GGUFBuilder {
  /// A tensor info as it goes into the file: dimensions innermost first.
  struct Info {
    var name: [UInt8]
    var dimensions: [Int64]
    var typeID: UInt32
    var offset: UInt64

    init(_ name: String, _ dimensions: [Int64], _ typeID: UInt32, at offset: UInt64) {
      self.name = Array(name.utf8)
      self.dimensions = dimensions
      self.typeID = typeID
      self.offset = offset
    }
  }

  var isBigEndian = false
  var magic = "GGUF"
  var version: UInt32 = 3
  var alignment = 32
  /// What the header says, where it differs from what is there.
  var tensorCount: UInt64?
  var keyCount: UInt64?
  var infos: [Info] = []
  /// The bytes after the header's padding.
  var data: [UInt8] = []
  /// Whether the header is padded.
  var isPadded = true
  private(set) var pairs: [UInt8] = []
  private(set) var pairCount = 0

  /// An integer in the file's byte order.
  func encoded(_ value: some FixedWidthInteger) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(isBigEndian ? value.byteSwapped : value)
    return writer.bytes
  }

  func encoded(_ text: String) -> [UInt8] { encoded(bytes: Array(text.utf8)) }

  func encoded(bytes: [UInt8]) -> [UInt8] { encoded(UInt64(bytes.count)) + bytes }

  /// The bytes of an array value whose elements are encoded already.
  func array(_ kind: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
    encoded(kind) + encoded(count) + elements
  }

  /// Appends a key with a value that is encoded already.
  mutating func add(key: [UInt8], _ kind: UInt32, _ value: [UInt8]) {
    pairs += encoded(bytes: key) + encoded(kind) + value
    pairCount += 1
  }

  mutating func add(_ key: String, _ kind: UInt32, _ value: [UInt8]) {
    add(key: Array(key.utf8), kind, value)
  }

  /// Appends bytes that only look like a key.
  mutating func add(raw bytes: [UInt8]) {
    pairs += bytes
    pairCount += 1
  }

  mutating func add(_ key: String, uint32 value: UInt32) { add(key, 4, encoded(value)) }

  /// Appends a tensor of known size where the data ends so far, and its padded data.
  mutating func add(tensor name: String, _ dimensions: [Int64], _ typeID: UInt32, bytes: Int) {
    infos.append(Info(name, dimensions, typeID, at: UInt64(data.count)))
    data += (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ bytes) }
    data += [UInt8](repeating: 0, count: (alignment - bytes % alignment) % alignment)
  }

  var header: [UInt8] {
    var bytes = Array(magic.utf8) + encoded(version)
    bytes += encoded(tensorCount ?? UInt64(infos.count))
    bytes += encoded(keyCount ?? UInt64(pairCount))
    bytes += pairs
    for info in infos {
      bytes += encoded(bytes: info.name) + encoded(UInt32(info.dimensions.count))
      for dimension in info.dimensions { bytes += encoded(dimension) }
      bytes += encoded(info.typeID) + encoded(info.offset)
    }
    return bytes
  }

  var bytes: [UInt8] {
    let header = header
    guard isPadded else { return header + data }
    let rest = (alignment - header.count % alignment) % alignment
    return header + [UInt8](repeating: 0, count: rest) + data
  }

  func open() throws(FormatError) -> GGUFFile { try GGUFFile(MemorySource(bytes)) }
}

/// The error that opening these bytes ends in, or `nil` when they are accepted.
func refusal(_ builder: GGUFBuilder) -> FormatError? { refusal(builder.bytes) }

func refusal(_ bytes: [UInt8]) -> FormatError? {
  do {
    _ = try GGUFFile(MemorySource(bytes))
    return nil
  } catch {
    return error
  }
}
