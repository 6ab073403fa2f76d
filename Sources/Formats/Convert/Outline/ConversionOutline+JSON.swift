extension ConversionOutline {
  /// The outline as members of a document; Specs/exactness.md §4.
  public var members: [JSONValue.Member] {
    [
      .init("schema", "bonsai-fmt/plan/1"),
      .init("ways", .array(ways.map(\.json))),
      .init(
        "files",
        .array(
          files.map {
            [
              "name": .string($0.name), "bytes": .optional($0.byteCount),
              "bytes_at_most": .optional($0.largestByteCount),
            ]
          })),
      .init("disk_needed", .integer(neededByteCount)),
      .init("disk_free", .optional(freeByteCount)),
      .init("peak_memory", .integer(peakMemoryByteCount)),
      .init("zstd_window", .integer(windowByteCount)),
      .init("threads", .integer(threadCount)),
      .init("threads_asked", .integer(shortage?.wanted ?? threadCount)),
      .init("memory_for_all_threads", .integer(shortage?.enoughByteCount ?? peakMemoryByteCount)),
      .init("notes", .array(notes.map { .string($0) })),
      .init("allows_rounding", .bool(allowsRounding)),
      .init("rounded", .array(roundedTensors.map(\.json))),
    ]
  }
}

extension ConversionOutline.Way {
  fileprivate var json: JSONValue {
    [
      "kind": .string(kind),
      "route": .array(route.layouts.map { .string($0.name) }),
      "exactness": .string(route.exactness.name),
      "may_refuse": .bool(route.mayRefuse),
      "tensors": .integer(tensorCount),
      "weights": .integer(weightCount),
    ]
  }
}

extension ConversionRefusal {
  /// The refusal as a document.
  public var json: JSONValue {
    [
      "tensor": .string(tensor), "count": .integer(count), "kept": .bool(consequence == .kept),
      "rounded": rounded, "tolerated": .bool(consequence == .tolerated),
      "message": .string(first.message),
    ]
  }

  private var rounded: JSONValue {
    guard case .rounded(let rounding) = consequence else { return .null }
    return .object(rounding.members)
  }
}
