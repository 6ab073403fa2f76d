/// `tokenizer.json`, as Hugging Face's `tokenizers` writes it; Specs/names.md §4.
struct TokenizerFile: Sendable {
  let vocabulary: Vocabulary

  func write(to sink: RepositoryFile.Sink) throws(FormatError) {
    var writer = JSONWriter(indent: 2)
    writer.open("{")
    let head: [JSONValue.Member] = [
      .init("version", "1.0"), .init("truncation", .null), .init("padding", .null),
      .init("added_tokens", .array(vocabulary.addedIDs.map(addedToken))),
      .init("normalizer", ["type": "NFC"]), .init("pre_tokenizer", preTokenizer),
      .init("post_processor", byteLevel(prefix: true, trim: false, regex: true)),
      .init("decoder", byteLevel(prefix: true, trim: true, regex: true)),
    ]
    for (index, member) in head.enumerated() {
      writer.name(member.name, isFirst: index == 0)
      writer.write(member.value)
    }
    writer.name("model", isFirst: false)
    try writeModel(&writer, sink)
    writer.close("}", isEmpty: false)
    try sink(writer.drain())
  }

  private func writeModel(
    _ writer: inout JSONWriter, _ sink: RepositoryFile.Sink
  ) throws(FormatError) {
    writer.open("{")
    let options: [JSONValue.Member] = [
      .init("type", "BPE"), .init("dropout", .null), .init("unk_token", .null),
      .init("continuing_subword_prefix", .null), .init("end_of_word_suffix", .null),
      .init("fuse_unk", false), .init("byte_fallback", false), .init("ignore_merges", false),
    ]
    for (index, member) in options.enumerated() {
      writer.name(member.name, isFirst: index == 0)
      writer.write(member.value)
    }
    writer.name("vocab", isFirst: false)
    writer.open("{")
    for id in vocabulary.vocabularyIDs {
      vocabulary.tokens.withBytes(of: id) { writer.name(utf8: $0, isFirst: id == 0) }
      writer.number(UInt32(truncatingIfNeeded: id))
      try writer.flush(to: sink)
    }
    writer.close("}", isEmpty: vocabulary.vocabularyIDs.isEmpty)
    writer.name("merges", isFirst: false)
    writer.open("[")
    for (rank, merge) in vocabulary.merges.enumerated() {
      writer.separate(isFirst: rank == 0)
      writer.open("[")
      writer.separate(isFirst: true)
      vocabulary.tokens.withBytes(of: Int(merge.left)) { writer.string(utf8: $0) }
      writer.separate(isFirst: false)
      vocabulary.tokens.withBytes(of: Int(merge.right)) { writer.string(utf8: $0) }
      writer.close("]", isEmpty: false)
      try writer.flush(to: sink)
    }
    writer.close("]", isEmpty: vocabulary.merges.isEmpty)
    writer.close("}", isEmpty: false)
  }

  private func addedToken(_ id: Int) -> JSONValue {
    [
      "id": .integer(id), "content": .string(vocabulary.addedText(id)), "single_word": false,
      "lstrip": false, "rstrip": false, "normalized": false,
      "special": .bool(vocabulary.kinds[id] == .special),
    ]
  }

  private var preTokenizer: JSONValue {
    let split: JSONValue = [
      "type": "Split", "pattern": ["Regex": .string(vocabulary.preTokenizer.pattern)],
      "behavior": "Isolated", "invert": false,
    ]
    let steps: JSONValue = [split, byteLevel(prefix: false, trim: true, regex: false)]
    return ["type": "Sequence", "pretokenizers": steps]
  }

  /// Outside of the pre-tokenizer these options touch offsets only, never ids or text.
  private func byteLevel(prefix: Bool, trim: Bool, regex: Bool) -> JSONValue {
    [
      "type": "ByteLevel", "add_prefix_space": .bool(prefix), "trim_offsets": .bool(trim),
      "use_regex": .bool(regex),
    ]
  }
}
