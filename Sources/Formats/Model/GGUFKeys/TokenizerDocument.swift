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
  /// The texts of `model.vocab`, in the order of the document.
  private(set) var texts = ByteStrings()
  /// For each id the number of its text, counted from 1, or 0 where it has none.
  private var numbers: [UInt32]
  private(set) var addedTokens: [AddedToken] = []
  /// `left right`.
  private(set) var merges = ByteStrings()
  private(set) var preTokenizer: JSONValue = .null
  private(set) var normalizer: JSONValue = .null
  private(set) var postProcessor: JSONValue = .null
  private(set) var modelType: String?
  private(set) var hasByteFallback = false
  /// Why there is no vocabulary; of another kind of tokenizer it may be anything.
  private var vocabularyError: FormatError?

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - vocabularySize: Ids must be below it.
  ///   - file: What errors call the file.
  ///   - limits: What is believed.
  /// - Throws: `malformed`, `limit`, and `unsupported` for a model that is no byte-level BPE.
  init(
    _ bytes: [UInt8], vocabularySize: Int, file: String, limits: Limits = .standard
  ) throws(FormatError) {
    self.file = file
    vocabularyError = FormatError(.malformed, "'model.vocab' is needed and missing")
      .located(file: file)
    numbers = Array(repeating: 0, count: vocabularySize)
    // No vocabulary has more members than there are bytes for them: `"a":0,`.
    var index = ByteStringIndex(capacity: min(vocabularySize, bytes.count / 6))
    var reader = JSONReader(bytes, name: file, limits: limits)
    var seen = NameSet()
    try reader.beginObject()
    while let name = try reader.nextName() {
      guard seen.insert(name) else {
        throw reader.error("the name '\(name.quoted())' appears twice", at: reader.tokenStart)
      }
      switch name {
      case "added_tokens": try readAddedTokens(&reader)
      case "pre_tokenizer": preTokenizer = try reader.smallValue()
      case "normalizer": normalizer = try reader.smallValue()
      case "post_processor": postProcessor = try reader.smallValue()
      case "model": try readModel(&reader, &index)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    try check(&index)
  }

  /// The number of ids, which are below it.
  var vocabularySize: Int { numbers.count }

  /// The number of an id's text in ``texts``.
  func number(_ id: Int) -> Int? { numbers[id] > 0 ? Int(numbers[id]) - 1 : nil }

  /// The text of an id in `model.vocab`.
  func text(_ id: Int) -> String? { number(id).map { texts.string($0).repairedText } }

  private mutating func check(_ index: inout ByteStringIndex) throws(FormatError) {
    for token in addedTokens where !isInVocabulary(token) {
      texts.append(token.text)
      guard index.insert(texts.count - 1, of: texts) == nil else {
        throw FormatError(
          .malformed, "the token '\(token.text.quoted())' has the id \(token.id) and another one"
        ).located(file: file)
      }
    }
    // Older files have no type; then merges tell. What has no tokens either is no tokenizer.
    if modelType == nil, merges.count == 0, let vocabularyError { throw vocabularyError }
    guard modelType ?? "BPE" == "BPE", merges.count > 0, !hasByteFallback else {
      let found = hasByteFallback ? "one with byte_fallback" : "'\((modelType ?? "none").quoted())'"
      throw FormatError(
        .unsupported, "'model' must be a byte-level BPE with merges, is \(found)"
      ).located(file: file)
    }
    if let vocabularyError { throw vocabularyError }
    try checkMerges(index)
  }

  private func checkMerges(_ index: ByteStringIndex) throws(FormatError) {
    var rule = MergeRule()
    do throws(FormatError) {
      for rank in 0..<merges.count { _ = try rule.merge(rank, of: merges, texts, index) }
    } catch {
      throw error.located(file: file)
    }
  }

  private func isInVocabulary(_ token: AddedToken) -> Bool {
    text(token.id)?.utf8.elementsEqual(token.text.utf8) ?? false
  }

  private mutating func readModel(
    _ reader: inout JSONReader, _ index: inout ByteStringIndex
  ) throws(FormatError) {
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
      case "vocab": try readVocabulary(&reader, &index)
      case "merges": try readMerges(&reader)
      default: try reader.skipValue()
      }
    }
  }

  private mutating func readVocabulary(
    _ reader: inout JSONReader, _ index: inout ByteStringIndex
  ) throws(FormatError) {
    guard try reader.kind() == .object else {
      vocabularyError = reader.needed("an object of tokens as 'vocab'")
      return try reader.skipValue()
    }
    let error = reader.error("needed tokens in 'vocab', found none")
    try reader.beginObject()
    while try reader.nextName(appendingTo: &texts.bytes) {
      texts.endString()
      let number = texts.count
      guard index.insert(number - 1, of: texts) == nil else {
        let text = texts.string(number - 1).repairedText
        throw reader.error("the token '\(text.quoted())' is there twice", at: reader.tokenStart)
      }
      let id = try reader.integer("a token's id")
      try checkID(id, reader)
      guard numbers[id] == 0 else {
        throw reader.error("two tokens have the id \(id)", at: reader.tokenStart)
      }
      numbers[id] = UInt32(truncatingIfNeeded: number)
    }
    vocabularyError = texts.count == 0 ? error : nil
  }

  private func checkID(_ id: Int, _ reader: borrowing JSONReader) throws(FormatError) {
    guard numbers.indices.contains(id) else {
      throw reader.error(
        "a token has the id \(id), the model has \(vocabularySize) rows", at: reader.tokenStart)
    }
  }

  private mutating func readMerges(_ reader: inout JSONReader) throws(FormatError) {
    try reader.beginArray()
    while try reader.nextElement() {
      guard merges.count < reader.limits[.merges] else {
        throw reader.limits.exceeded("there are at least \(merges.count + 1) merges", .merges)
          .located(file: file)
      }
      let start = reader.position
      if try reader.kind() == .string {
        try reader.string(appendingTo: &merges.bytes)
      } else {
        try readPair(&reader)
      }
      merges.endString()
      guard merges.withBytes(of: merges.count - 1, { MergeRule.middle(of: $0) }) != nil else {
        throw reader.error("a merge must be two tokens with one space between them", at: start)
      }
    }
  }

  /// A merge of two strings. A space within one becomes the letter that stands for it in the
  /// byte-level alphabet.
  private mutating func readPair(_ reader: inout JSONReader) throws(FormatError) {
    try reader.beginArray("a merge: a string or a pair of strings")
    for index in 0..<2 {
      guard try reader.nextElement() else { throw reader.needed("two parts of a merge") }
      if index == 1 { merges.bytes.append(UInt8(ascii: " ")) }
      let start = merges.bytes.count
      try reader.string(appendingTo: &merges.bytes)
      if merges.bytes[start...].contains(UInt8(ascii: " ")) { replaceSpaces(from: start) }
    }
    guard try !reader.nextElement() else {
      throw reader.needed("no more than two parts of a merge")
    }
  }

  private mutating func replaceSpaces(from start: Int) {
    let part = merges.bytes[start...].flatMap { byte in
      byte == UInt8(ascii: " ") ? Array("\u{120}".utf8) : [byte]
    }
    merges.bytes.replaceSubrange(start..., with: part)
  }
}

/// Added tokens.
extension TokenizerDocument {
  private mutating func readAddedTokens(_ reader: inout JSONReader) throws(FormatError) {
    if try reader.kind() == .null { return try reader.null() }
    try reader.beginArray()
    while try reader.nextElement() {
      guard addedTokens.count < reader.limits[.addedTokens] else {
        throw reader.limits.exceeded(
          "there are at least \(addedTokens.count + 1) added tokens", .addedTokens
        ).located(file: file)
      }
      let start = reader.position
      let json = try reader.smallValue()
      guard case .integer(let id)? = json["id"], case .string(let text)? = json["content"] else {
        throw reader.error("an added token needs an integer 'id' and a string 'content'", at: start)
      }
      try checkID(id, reader)
      addedTokens.append(AddedToken(id: id, text: text, isSpecial: json["special"] == true))
    }
  }
}
