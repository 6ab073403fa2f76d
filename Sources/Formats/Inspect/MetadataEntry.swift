extension Inspection {
  /// One thing that a file says about its model.
  ///
  /// Values stay where they are until somebody asks for them: a header of some megabytes can have
  /// 600,000 keys.
  public struct MetadataEntry: Sendable {
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
    private let stored: Stored

    /// A value as the file's reader left it.
    private enum Stored {
      case gguf(GGUFValue)
      case json(JSONValue)
    }

    /// What the files of a model say, in their order.
    static func all(_ model: Model) -> [MetadataEntry] {
      let keys = model.gguf?.metadata.entries ?? []
      var members: [JSONValue.Member] = []
      if case .object(let all)? = model.config { members = all }
      var entries: [MetadataEntry] = []
      entries.reserveCapacity(
        model.files.reduce(keys.count + members.count) { $0 + $1.metadata.entries.count })
      for entry in keys {
        entries.append(MetadataEntry(source: nil, key: entry.key, stored: .gguf(entry.value)))
      }
      for member in members {
        entries.append(
          MetadataEntry(source: "config.json", key: member.name, stored: .json(member.value)))
      }
      for file in model.files {
        for entry in file.metadata.entries {
          entries.append(
            MetadataEntry(source: file.name, key: entry.name, stored: .json(.string(entry.value))))
        }
      }
      return entries
    }
  }
}

extension Inspection.MetadataEntry {
  /// The value's type, of an array its elements' type: `uint32`, `string`, `object`.
  public var type: String {
    switch stored {
    case .gguf(let value): value.typeName
    case .json(.array(let elements)): elements.first?.typeName ?? "null"
    case .json(let value): value.typeName
    }
  }

  /// The number of elements of an array, and `nil` for other values.
  public var count: Int? {
    switch stored {
    case .gguf(.array(let array)): array.count
    case .json(.array(let elements)): elements.count
    case .gguf, .json: nil
    }
  }

  /// The value. Elements of a GGUF file's array are read now.
  ///
  /// - Throws: `io` and `truncated` for a file that is no longer as it was opened.
  public func value() throws(FormatError) -> Value {
    let isWhole = (count ?? 0) <= Self.wholeCount
    switch stored {
    case .gguf(.array(let array)):
      let elements = try array.json(first: isWhole ? Self.wholeCount : Self.keptCount)
      return isWhole ? .whole(.array(elements)) : .shortened(first: elements)
    case .gguf(let value): return .whole(value.json)
    case .json(.array(let elements)) where !isWhole:
      return .shortened(first: Array(elements.prefix(Self.keptCount)))
    case .json(let value): return .whole(value)
    }
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
