extension BenchmarkRow {
  /// The line as a document.
  package var json: JSONValue {
    [
      "name": .string(name),
      "yardstick": .optional(yardstick),
      "bytes": .optional(byteCount),
      "seconds": .spread(seconds, target: target.seconds),
      "ratio": .spread(ratio, target: target.ratio),
      "user_seconds_per_gb": .spread(userSecondsPerGB, target: target.userSecondsPerGB),
      "peak_bytes": .optional(peakByteCount),
      "peak_bytes_target": .optional(target.peakByteCount),
    ]
  }
}

extension JSONValue {
  fileprivate static func spread(_ spread: Spread?, target: Double?) -> JSONValue {
    guard let spread else { return .null }
    return [
      "median": .number("\(spread.median)"), "least": .number("\(spread.least)"),
      "largest": .number("\(spread.largest)"), "target": target.map { .number("\($0)") } ?? .null,
    ]
  }
}
