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
  ///   - findings: What is found wrong.
  init(
    parsing bytes: [UInt8], name: String, limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
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
      if !seen.insert(name) {
        try findings.report(
          .safetensorsRepeatedName,
          reader.error("the header names '\(name.quoted())' twice", at: nameStart))
      }
      if name.utf8.elementsEqual(Self.metadataName.utf8) {
        metadata =
          try Self.value(.safetensorsHeader, &reader, &findings, Self.metadata) ?? metadata
      } else {
        try Self.check(name, limits, at: reader.tokenOffset)
        try locating(tensor: name) { () throws(FormatError) in
          let entry = try Self.value(.safetensorsEntry, of: name, &reader, &findings) {
            (reader, findings) throws(FormatError) in
            try EntryFields(name, &reader, &findings).entry(nameStart, reader, &findings)
          }
          if let entry = entry ?? nil { entries.append(entry) }
        }
      }
    }
    try Self.end(&reader, &findings)
  }

  private static func metadata(
    _ reader: inout JSONReader, _ findings: inout Findings
  ) throws(FormatError) -> SafetensorsMetadata {
    var entries: [SafetensorsMetadata.Entry] = []
    var seen = NameSet()
    try reader.beginObject("an object of strings as __metadata__")
    while let name = try reader.nextName() {
      if !seen.insert(name) {
        try findings.report(
          .safetensorsRepeatedName,
          reader.error("__metadata__ names '\(name.quoted())' twice", at: reader.tokenStart))
      }
      let value = try Self.value(.safetensorsHeader, &reader, &findings) {
        (reader, _) throws(FormatError) in
        try reader.string("a string as a value of __metadata__")
      }
      if let value { entries.append(.init(name, value)) }
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
}
