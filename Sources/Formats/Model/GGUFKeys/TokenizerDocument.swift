/// What a GGUF file needs of `tokenizer.json`; Specs/names.md §8.
///
/// Read piece by piece: the document may have 30 MB, and a tree of it several times as much.
struct TokenizerDocument: Sendable {
  /// One element of `added_tokens`.
  struct AddedToken: Sendable {
    let id: Int
    let text: String
    let isSpecial: Bool
  }

  /// What errors call the file.
  let file: String
  /// `model.vocab` by its ids, with holes where an id has no token.
  private(set) var vocabulary: [String?]
  private(set) var addedTokens: [AddedToken] = []
  /// `left right`, as a GGUF array of strings holds them.
  private(set) var merges = ByteWriter()
  private(set) var mergeCount = 0
  private(set) var preTokenizer: JSONValue = .null
  private(set) var postProcessor: JSONValue = .null
  private(set) var modelType: String?
  private(set) var hasByteFallback = false
  private var texts = NameSet()

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - vocabularySize: Ids must be below it.
  ///   - file: What errors call the file.
  /// - Throws: `malformed`, `limit`, and `unsupported` for a model that is no byte-level BPE.
  init(_ bytes: [UInt8], vocabularySize: Int, file: String) throws(FormatError) {
    self.file = file
    vocabulary = Array(repeating: nil, count: vocabularySize)
    var reader = JSONReader(bytes, name: file)
    var seen = NameSet()
    try reader.beginObject()
    while let name = try reader.nextName() {
      guard seen.insert(name) else {
        throw reader.error("the name '\(name.quoted())' appears twice", at: reader.tokenStart)
      }
      switch name {
      case "added_tokens": try readAddedTokens(&reader)
      case "pre_tokenizer": preTokenizer = try reader.value()
      case "post_processor": postProcessor = try reader.value()
      case "model": try readModel(&reader)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    try check()
    texts = NameSet()
  }

  private mutating func check() throws(FormatError) {
    for token in addedTokens where !isInVocabulary(token) {
      guard texts.insert(token.text) else {
        throw FormatError(
          .malformed, "the token '\(token.text.quoted())' has the id \(token.id) and another one"
        ).located(file: file)
      }
    }
    // Older files have no type; then merges tell.
    guard modelType ?? "BPE" == "BPE", mergeCount > 0, !hasByteFallback else {
      let found = hasByteFallback ? "one with byte_fallback" : "'\((modelType ?? "none").quoted())'"
      throw FormatError(
        .unsupported, "'model' must be a byte-level BPE with merges, is \(found)"
      ).located(file: file)
    }
  }

  private func isInVocabulary(_ token: AddedToken) -> Bool {
    vocabulary[token.id]?.utf8.elementsEqual(token.text.utf8) ?? false
  }

  private mutating func readModel(_ reader: inout JSONReader) throws(FormatError) {
    var seen = NameSet()
    try reader.beginObject()
    while let name = try reader.nextName() {
      guard seen.insert(name) else {
        throw reader.error("the name '\(name.quoted())' appears twice", at: reader.tokenStart)
      }
      switch name {
      case "type": modelType = try reader.string()
      case "byte_fallback":
        if try reader.kind() == .bool {
          hasByteFallback = try reader.bool()
        } else {
          try reader.null()
        }
      case "vocab" where try reader.kind() == .object: try readVocabulary(&reader)
      case "merges": try readMerges(&reader)
      default: try reader.skipValue()
      }
    }
  }

  private mutating func readVocabulary(_ reader: inout JSONReader) throws(FormatError) {
    try reader.beginObject()
    while let text = try reader.nextName() {
      guard texts.insert(text) else {
        throw reader.error("the token '\(text.quoted())' is there twice", at: reader.tokenStart)
      }
      let id = try reader.integer("a token's id")
      try checkID(id, reader)
      guard vocabulary[id] == nil else {
        throw reader.error("two tokens have the id \(id)", at: reader.tokenStart)
      }
      vocabulary[id] = text
    }
  }

  private func checkID(_ id: Int, _ reader: borrowing JSONReader) throws(FormatError) {
    guard vocabulary.indices.contains(id) else {
      throw reader.error(
        "a token has the id \(id), the model has \(vocabulary.count) rows", at: reader.tokenStart)
    }
  }

  private mutating func readMerges(_ reader: inout JSONReader) throws(FormatError) {
    try reader.beginArray()
    while try reader.nextElement() {
      guard mergeCount < ModelLimits.merges else {
        throw FormatError(
          .limit, "there are more merges than ModelLimits.merges = \(ModelLimits.merges)"
        ).located(file: file)
      }
      mergeCount += 1
      if try reader.kind() == .string {
        let line = try reader.string()
        guard line.utf8.contains(UInt8(ascii: " ")) else {
          throw reader.error(
            "a merge must be two tokens with a space between", at: reader.tokenStart)
        }
        merges.append(gguf: Array(line.utf8))
      } else {
        try readPair(&reader)
      }
    }
  }

  /// A merge of two strings. A space within one becomes the letter that stands for it in the
  /// byte-level alphabet.
  private mutating func readPair(_ reader: inout JSONReader) throws(FormatError) {
    try reader.beginArray("a merge: a string or a pair of strings")
    var line: [UInt8] = []
    for index in 0..<2 {
      guard try reader.nextElement() else { throw reader.needed("two parts of a merge") }
      if index == 1 { line.append(UInt8(ascii: " ")) }
      for byte in try reader.string().utf8 {
        if byte == UInt8(ascii: " ") { line += Array("\u{120}".utf8) } else { line.append(byte) }
      }
    }
    guard try !reader.nextElement() else {
      throw reader.needed("no more than two parts of a merge")
    }
    merges.append(gguf: line)
  }
}

/// Added tokens.
extension TokenizerDocument {
  private mutating func readAddedTokens(_ reader: inout JSONReader) throws(FormatError) {
    if try reader.kind() == .null { return try reader.null() }
    try reader.beginArray()
    while try reader.nextElement() {
      guard addedTokens.count < ModelLimits.addedTokens else {
        throw FormatError(
          .limit,
          "there are more added tokens than ModelLimits.addedTokens = \(ModelLimits.addedTokens)"
        ).located(file: file)
      }
      let start = reader.position
      let json = try reader.value()
      guard case .integer(let id)? = json["id"], case .string(let text)? = json["content"] else {
        throw reader.error("an added token needs an integer 'id' and a string 'content'", at: start)
      }
      try checkID(id, reader)
      addedTokens.append(AddedToken(id: id, text: text, isSpecial: json["special"] == true))
    }
  }
}
