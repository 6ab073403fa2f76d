/// What `generation_config.json` says, as far as a GGUF file knows it; Specs/names.md §3.
public struct GenerationConfig: Sendable {
  /// `bos_token_id`.
  public let beginToken: Int?
  /// `eos_token_id`: the file's own, and `<|endoftext|>` where that is another one.
  public let endTokens: [Int]
  /// `pad_token_id`.
  public let paddingToken: Int?
  /// `temperature`, `top_k`, `top_p`, in this order, as far as the file has them.
  public let sampling: [JSONValue.Member]

  /// Reads `general.sampling.*`.
  ///
  /// - Throws: `malformed` for a key of the wrong type, and for a number that is not finite.
  public init(
    metadata: GGUFMetadata, config: ModelConfig, vocabulary: Vocabulary?
  ) throws(FormatError) {
    beginToken = config.beginToken
    paddingToken = config.paddingToken
    var ends = config.endToken.map { [$0] } ?? []
    for other in [config.paddingToken, config.beginToken].compactMap(\.self)
    where !ends.isEmpty && !ends.contains(other) && vocabulary?.isEndOfText(other) == true {
      ends.append(other)
    }
    endTokens = ends
    sampling = try Self.sampling(metadata)
  }

  /// - Throws: `malformed` for a key of the wrong type, and for a number that is not finite.
  static func sampling(_ metadata: GGUFMetadata) throws(FormatError) -> [JSONValue.Member] {
    var sampling: [JSONValue.Member] = []
    let keys = ArchitectureKeys(metadata: metadata, architecture: "general.sampling")
    if let value = try keys.finite("temp") { sampling.append(.init("temperature", value.decimal)) }
    if let value = try metadata.integer(keys.full("top_k")) {
      sampling.append(.init("top_k", .integer(value)))
    }
    if let value = try keys.finite("top_p") { sampling.append(.init("top_p", value.decimal)) }
    return sampling
  }

  /// The document.
  public var json: JSONValue {
    var members: [JSONValue.Member] = []
    if let beginToken { members.append(.init("bos_token_id", .integer(beginToken))) }
    // A temperature without sampling is one that transformers complains about.
    if !sampling.isEmpty { members.append(.init("do_sample", true)) }
    if let first = endTokens.first {
      let all = JSONValue.array(endTokens.map { .integer($0) })
      members.append(.init("eos_token_id", endTokens.count == 1 ? .integer(first) : all))
    }
    if let paddingToken { members.append(.init("pad_token_id", .integer(paddingToken))) }
    members += sampling
    members.append(.init("transformers_version", .string(ModelConfig.transformersVersion)))
    return .object(members)
  }
}
