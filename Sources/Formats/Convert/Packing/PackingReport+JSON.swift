extension PackingReport {
  /// The document of `pack --json` and `unpack --json`; Specs/zstd.md §7.
  ///
  /// - Parameters:
  ///   - input: The path that was read.
  ///   - output: The path that was made.
  public func json(input: String, output: String) -> JSONValue {
    [
      "schema": "bonsai-fmt/pack/1",
      "input": .string(input),
      "output": .string(output),
      "files": .array(
        files.map {
          [
            "name": .string($0.name),
            "source_bytes": .integer($0.sourceByteCount),
            "bytes": .integer($0.byteCount),
            "changed": .bool($0.isChanged),
          ]
        }),
      "source_bytes": .integer(sourceByteCount),
      "bytes": .integer(byteCount),
      "notes": .array(notes.map { .string($0) }),
    ]
  }
}
