// The pieces of the JSON document. Every member is always there, `null` where nothing is known, so
// that programs need not look whether it is.

extension Inspection.File {
  var json: JSONValue {
    [
      "name": .string(name), "bytes": .optional(byteCount), "data_offset": .integer(dataOffset),
      "compression": .optional(compression),
    ]
  }
}

extension Inspection.GGUFFacts {
  var json: JSONValue {
    [
      "version": .integer(Int(version)), "byte_order": isBigEndian ? "big" : "little",
      "alignment": .integer(alignment),
    ]
  }
}

extension Inspection.ArchitectureFacts {
  var json: JSONValue {
    [
      "name": .optional(name),
      "model_name": .optional(modelName),
      "layers": .optional(layerCount),
      "hidden_size": .optional(hiddenSize),
      "intermediate_size": .optional(intermediateSize),
      "heads": .optional(headCount),
      "key_value_heads": .optional(keyValueHeadCount),
      "head_dimension": .optional(headDimension),
      "vocabulary_size": .optional(vocabularySize),
      "context_length": .optional(contextLength),
      "tied_embeddings": tiesEmbeddings.map { .bool($0) } ?? .null,
    ]
  }
}

extension Inspection.Total {
  var members: [JSONValue.Member] {
    [
      .init("tensors", .integer(tensorCount)),
      .init("weights", .integer(weightCount)),
      .init("bytes", .integer(byteCount)),
      .init("bits_per_weight", bitsPerWeight.map { .number("\($0)") } ?? .null),
    ]
  }
}

extension Inspection.LayoutFacts {
  var json: JSONValue {
    .object(
      [.init("layout", .string(layout.name))] + total.members + [
        .init("group_size", .optional(layout.groupSize)),
        .init("meaning", .optional(layout.meaning)),
      ])
  }
}

extension Inspection.ServingFacts {
  var json: JSONValue {
    [
      "awq": Self.json(plainSizes, plainObstacle),
      "awq_marlin": Self.json(marlinSizes, marlinObstacle),
    ]
  }

  private static func json(_ sizes: [Int], _ obstacle: Obstacle?) -> JSONValue {
    [
      "sizes": .array(sizes.map { .integer($0) }),
      "first_other": obstacle.map {
        ["size": .integer($0.size), "reason": .string($0.reason)]
      } ?? .null,
    ]
  }
}

extension Inspection.MetadataEntry {
  func json() throws(FormatError) -> JSONValue {
    let value: JSONValue =
      switch try value() {
      case .whole(let value): value
      case .shortened(let first):
        ["type": .string(type), "count": .optional(count), "first": .array(first)]
      }
    return [
      "source": .optional(source),
      "key": .string(key),
      "type": .string(count == nil ? type : "array of \(type)"),
      "value": value,
    ]
  }
}
