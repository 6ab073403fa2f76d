/// The JSON text of a safetensors header, read but not yet compared with the file's data;
/// Specs/safetensors.md §2.
struct SafetensorsHeader {
  /// A tensor's entry. Offsets count from the start of the data.
  struct Entry {
    let name: String
    let type: StorageType
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  /// The member that is no tensor.
  static let metadataName = "__metadata__"

  private(set) var entries: [Entry] = []
  private(set) var metadata = SafetensorsMetadata()

  /// - Parameters:
  ///   - bytes: The text, without the eight bytes before it.
  ///   - name: What errors call the file.
  ///   - limits: What is believed.
  init(parsing bytes: [UInt8], name: String, limits: Limits = .standard) throws(FormatError) {
    var reader = JSONReader(bytes, name: name, baseOffset: 8, limits: limits)
    guard bytes.first == UInt8(ascii: "{") else {
      throw reader.needed("'{' as the header's first byte")
    }
    // An entry has some 100 bytes: a table of the right size from the start is not made anew.
    var seen = NameSet(capacity: bytes.count / 100)
    entries.reserveCapacity(bytes.count / 100)
    try reader.beginObject()
    while let name = try reader.nextName() {
      let nameStart = reader.tokenStart
      guard seen.insert(name) else {
        throw reader.error("the header names '\(name.quoted())' twice", at: nameStart)
      }
      if name.utf8.elementsEqual(Self.metadataName.utf8) {
        metadata = try Self.metadata(&reader)
      } else {
        try Self.check(name, limits, at: reader.tokenOffset)
        try locating(tensor: name) { () throws(FormatError) in
          entries.append(try Self.entry(name, nameStart, &reader))
        }
      }
    }
    try Self.end(&reader)
  }

  private static func metadata(
    _ reader: inout JSONReader
  ) throws(FormatError) -> SafetensorsMetadata {
    var entries: [SafetensorsMetadata.Entry] = []
    var seen = NameSet()
    try reader.beginObject("an object of strings as __metadata__")
    while let name = try reader.nextName() {
      guard seen.insert(name) else {
        throw reader.error(
          "__metadata__ names '\(name.quoted())' twice", at: reader.tokenStart)
      }
      entries.append(.init(name, try reader.string("a string as a value of __metadata__")))
    }
    return SafetensorsMetadata(entries)
  }

  private static func check(
    _ name: String, _ limits: Limits, at offset: Int
  ) throws(FormatError) {
    let count = name.utf8.count
    guard count > limits[.safetensorsNameLength] else { return }
    throw limits.exceeded(
      "a tensor's name has \(count) bytes", .safetensorsNameLength, at: offset)
  }

  private static func entry(
    _ name: String, _ nameStart: Int, _ reader: inout JSONReader
  ) throws(FormatError) -> Entry {
    var type: StorageType?
    var shape: [Int]?
    var offsets: (begin: Int, end: Int)?
    try reader.beginObject("an object as a tensor's entry")
    while let field = try reader.nextName() {
      let fieldStart = reader.tokenStart
      let isRepeated: Bool
      switch field {
      case "dtype":
        isRepeated = type != nil
        type = try self.type(&reader)
      case "shape":
        isRepeated = shape != nil
        shape = try self.shape(&reader)
      case "data_offsets":
        isRepeated = offsets != nil
        offsets = try self.offsets(&reader)
      default:
        throw reader.error(
          "needed dtype, shape or data_offsets, found '\(field.quoted())'", at: fieldStart)
      }
      guard !isRepeated else { throw reader.error("'\(field)' appears twice", at: fieldStart) }
    }
    guard let type else { throw reader.error("the entry has no dtype", at: nameStart) }
    guard let shape else { throw reader.error("the entry has no shape", at: nameStart) }
    guard let offsets else { throw reader.error("the entry has no data_offsets", at: nameStart) }
    return Entry(name: name, type: type, shape: shape, begin: offsets.begin, end: offsets.end)
  }
}
