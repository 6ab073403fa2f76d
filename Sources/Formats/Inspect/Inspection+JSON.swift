extension Inspection {
  /// The name and version of the document that ``writeJSON(_:)`` writes; Specs/inspect.md.
  public static let schema = "bonsai-fmt/inspect/1"

  /// Hands out the inspection as one JSON document, piece by piece, so that it is never held whole.
  ///
  /// Control characters of a file's text are escaped: the document can be shown on a terminal.
  public func writeJSON(
    _ emit: ([UInt8]) throws(FormatError) -> Void
  ) throws(FormatError) {
    var writer = JSONWriter(indent: 2, escapesControls: true)
    writer.open("{")
    for (index, member) in summary.enumerated() {
      writer.name(member.name, isFirst: index == 0)
      writer.write(member.value)
    }
    writer.name("metadata", isFirst: false)
    try Self.write(
      metadata, { (entry) throws(FormatError) in try entry.json() }, to: &writer, emit)
    writer.name("tensors", isFirst: false)
    try Self.write(tensors, { json(of: $0) }, to: &writer, emit)
    writer.close("}", isEmpty: false)
    writer.raw("\n")
    try emit(writer.drain())
  }

  private static func write<Element>(
    _ elements: [Element], _ json: (Element) throws(FormatError) -> JSONValue,
    to writer: inout JSONWriter, _ emit: ([UInt8]) throws(FormatError) -> Void
  ) throws(FormatError) {
    writer.open("[")
    for (index, element) in elements.enumerated() {
      writer.separate(isFirst: index == 0)
      writer.write(try json(element))
      if writer.byteCount >= 1 << 16 { try emit(writer.drain()) }
    }
    writer.close("]", isEmpty: elements.isEmpty)
  }

  private var summary: [JSONValue.Member] {
    [
      .init("schema", .string(Self.schema)),
      .init("path", .string(path)),
      .init("form", .string(form.rawValue)),
      .init(
        "warnings", .array(warnings.map { ["id": .string($0.id), "message": .string($0.message)] })
      ),
      .init("gguf", gguf?.json ?? .null),
      .init("files", .array(files.map(\.json))),
      .init("architecture", architecture.json),
      .init(
        "chat_templates",
        .array(chatTemplates.map { ["name": .string($0.name), "bytes": .integer($0.byteCount)] })),
      .init("total", .object(total.members)),
      .init("total_without_embeddings", .object(totalWithoutEmbeddings.members)),
      .init("layouts", .array(layouts.map(\.json))),
      .init("zero_points", .array(zeroPoints.map { .integer($0) })),
      .init("tensor_parallel", serving?.json ?? .null),
    ]
  }

  private func json(of facts: TensorFacts) -> JSONValue {
    let tensor = facts.tensor
    return [
      "name": .string(tensor.name),
      "hugging_face_name": .optional(facts.huggingFaceName),
      "role": .string(facts.role.rawValue),
      "shape": .array(tensor.shape.map { .integer($0) }),
      "layout": .string(tensor.layout.name),
      "type_id": .optional(facts.typeID.map(Int.init)),
      "group_size": .optional(tensor.layout.groupSize),
      "weights": .integer(tensor.elementCount),
      "bytes": .integer(tensor.byteCount),
      "parts": .array(tensor.parts.map { json(of: $0) }),
    ]
  }

  private func json(of part: StoredPart) -> JSONValue {
    [
      "name": .string(part.info.name),
      "type": .string(part.info.type.name),
      "shape": .array(part.info.shape.map { .integer($0) }),
      "file": .string(files[part.file].name),
      "offset": .integer(part.info.range.lowerBound),
      "bytes": .integer(part.info.range.count),
    ]
  }
}
