extension Inspection {
  /// One thing that a file says about its model.
  public struct MetadataEntry: Sendable, Hashable {
    /// A value, long arrays shortened.
    public enum Value: Sendable, Hashable {
      /// The whole value.
      case whole(JSONValue)
      /// An array, of which only the first elements were read.
      case shortened(first: [JSONValue])
    }

    /// Arrays of more elements than this are shortened.
    public static let wholeCount = 64
    /// So many elements of a shortened array are kept.
    public static let keptCount = 8

    /// The file that says it, or `nil` for the keys of a GGUF file.
    public let source: String?
    /// The key.
    public let key: String
    /// The value's type, of an array its elements' type: `uint32`, `string`, `object`.
    public let type: String
    /// The number of elements of an array, and `nil` for other values.
    public let count: Int?
    /// The value.
    public let value: Value

    /// What the files of a model say, in their order.
    static func all(_ model: Model) throws(FormatError) -> [MetadataEntry] {
      var entries: [MetadataEntry] = []
      for entry in model.gguf?.metadata.entries ?? [] {
        entries.append(try MetadataEntry(entry))
      }
      if case .object(let members)? = model.config {
        entries += members.map { MetadataEntry($0) }
      }
      for file in model.files {
        entries += file.metadata.entries.map {
          MetadataEntry(
            source: file.name, key: $0.name, type: "string", count: nil,
            value: .whole(.string($0.value)))
        }
      }
      return entries
    }
  }
}

extension Inspection.MetadataEntry {
  private init(_ member: JSONValue.Member) {
    source = "config.json"
    key = member.name
    guard case .array(let elements) = member.value else {
      type = member.value.typeName
      count = nil
      value = .whole(member.value)
      return
    }
    type = elements.first?.typeName ?? "null"
    count = elements.count
    value =
      elements.count > Self.wholeCount
      ? .shortened(first: Array(elements.prefix(Self.keptCount))) : .whole(member.value)
  }

  private init(_ entry: GGUFMetadata.Entry) throws(FormatError) {
    source = nil
    key = entry.key
    type = entry.value.typeName
    guard case .array(let array) = entry.value else {
      count = nil
      value = .whole(entry.value.json)
      return
    }
    count = array.count
    let isWhole = array.count <= Self.wholeCount
    let elements = try array.json(first: isWhole ? Self.wholeCount : Self.keptCount)
    value = isWhole ? .whole(.array(elements)) : .shortened(first: elements)
  }
}

extension JSONValue {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
