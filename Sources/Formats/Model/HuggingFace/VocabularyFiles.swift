/// `vocab.json`, `merges.txt` and `added_tokens.json`, which slower tokenizers read; Specs/names.md §4.
struct VocabularyFiles: Sendable {
  let vocabulary: Vocabulary

  /// `vocab.json`: one line, in the manner of Python's `json.dumps`.
  func writeVocabulary(to sink: RepositoryFile.Sink) throws(FormatError) {
    var writer = JSONWriter()
    writer.raw("{")
    for id in vocabulary.vocabularyIDs {
      if id > 0 {
        writer.put(UInt8(ascii: ","))
        writer.put(UInt8(ascii: " "))
      }
      vocabulary.tokens.withBytes(of: id) { writer.string(utf8: $0) }
      writer.put(UInt8(ascii: ":"))
      writer.put(UInt8(ascii: " "))
      writer.number(UInt32(truncatingIfNeeded: id))
      try writer.flush(to: sink)
    }
    writer.raw("}")
    try sink(writer.drain())
  }

  /// `merges.txt`: a line of its version, then a line for each merge.
  func writeMerges(to sink: RepositoryFile.Sink) throws(FormatError) {
    var writer = JSONWriter()
    writer.raw("#version: 0.2\n")
    for merge in vocabulary.merges {
      vocabulary.tokens.withBytes(of: Int(merge.left)) { writer.raw(utf8: $0) }
      writer.put(UInt8(ascii: " "))
      vocabulary.tokens.withBytes(of: Int(merge.right)) { writer.raw(utf8: $0) }
      writer.put(UInt8(ascii: "\n"))
      try writer.flush(to: sink)
    }
    try sink(writer.drain())
  }

  /// `added_tokens.json`.
  var addedTokens: JSONValue {
    .object(vocabulary.addedIDs.map { .init(vocabulary.addedText($0), .integer($0)) })
  }
}
