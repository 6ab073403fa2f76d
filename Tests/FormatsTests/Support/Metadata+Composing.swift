@testable import Formats

extension GGUFMetadata {
  /// The same metadata with some values replaced, added or, with `nil`, taken away.
  func with(_ changes: [(String, GGUFValue?)]) -> GGUFMetadata {
    var entries = self.entries
    for (key, value) in changes {
      let index = entries.firstIndex { $0.key == key }
      switch (index, value) {
      case (let index?, let value?): entries[index] = Entry(key, value)
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(key, value))
      case (nil, nil): break
      }
    }
    return GGUFMetadata(entries)
  }
}

extension GGUFValue {
  static func text(_ text: String) -> GGUFValue { .string(ByteString(text)) }

  /// An array of strings.
  static func strings(_ strings: [[UInt8]]) -> GGUFValue {
    var writer = ByteWriter()
    for string in strings {
      writer.append(UInt64(string.count))
      writer.append(string)
    }
    return array(.string, strings.count, writer.bytes)
  }

  static func strings(_ strings: [String]) -> GGUFValue { .strings(strings.map { Array($0.utf8) }) }

  /// An array of integers.
  static func integers(_ integers: [Int32]) -> GGUFValue {
    var writer = ByteWriter()
    for integer in integers { writer.append(integer) }
    return array(.int32, integers.count, writer.bytes)
  }

  private static func array(_ kind: Kind, _ count: Int, _ bytes: [UInt8]) -> GGUFValue {
    .array(
      GGUFArray(
        elementKind: kind, count: count, range: 0..<bytes.count, isBigEndian: false,
        source: MemorySource(bytes)))
  }
}
