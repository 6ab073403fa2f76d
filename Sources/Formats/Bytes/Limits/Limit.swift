/// What can be limited, by the name that `--limit` and errors have for it; Specs/limits.md.
///
/// What is not there is refused before any of these counts. What the limits add is a bound for files
/// that really are that large, and for streams whose end nobody knows yet.
public enum Limit: String, Sendable, Hashable, CaseIterable {
  /// Metadata keys in a GGUF file. Published models have fewer than 100.
  case ggufKeys = "gguf-keys"
  /// Tensors in a GGUF file.
  case ggufTensors = "gguf-tensors"
  /// Bytes of a metadata key: what the format's description allows.
  case ggufKeyLength = "gguf-key-length"
  /// Bytes of a string that is held in memory; a chat template has some thousands.
  case ggufString = "gguf-string"
  /// Bytes from the start of a GGUF file to the end of the metadata and tensor infos.
  case ggufHeader = "gguf-header"
  /// Arrays within arrays.
  case ggufArrayDepth = "gguf-array-depth"
  /// Bytes of a tensor's name in a GGUF file: the format's description says "at most 64".
  case ggufNameLength = "gguf-name-length"
  /// Dimensions of a tensor in a GGUF file.
  case ggufRank = "gguf-rank"
  /// Bytes that `general.alignment` may ask for.
  case ggufAlignment = "gguf-alignment"
  /// Bytes of a safetensors header's JSON text, as the format itself has it.
  case safetensorsHeader = "safetensors-header"
  /// Sizes in a shape of a safetensors file.
  case safetensorsRank = "safetensors-rank"
  /// Bytes of a tensor's name in a safetensors file.
  case safetensorsNameLength = "safetensors-name-length"
  /// Bytes of an index of shards.
  case index
  /// Files that one model may be split into: each of them stays open.
  case files
  /// Objects and arrays of JSON within each other.
  case jsonDepth = "json-depth"
  /// Frames that a seek table may list; they are kept in memory.
  case zstdFrames = "zstd-frames"
  /// Bytes of a header that comes as a stream, for they are kept in memory.
  case streamHeader = "stream-header"
  /// Bytes of a `config.json` and of its like: they are held in memory.
  case config
  /// Bytes of a model card's front matter; of a longer one nothing is taken.
  case frontMatter = "front-matter"
  /// Bytes of a `tokenizer.json`: they are held in memory while it is read.
  case tokenizer
  /// Layers of a model.
  case layers
  /// Query heads.
  case heads
  /// Width of the residual stream, of the feed-forward block, of a head.
  case width
  /// Tokens of a vocabulary.
  case vocabulary
  /// Merges of a vocabulary.
  case merges
  /// Added tokens of a vocabulary: `tokenizer_config.json` describes each of them in eight lines.
  case addedTokens = "added-tokens"
  /// Positions of a context.
  case context

  /// The limit where nobody says otherwise.
  public var standard: Int { row.standard }

  /// How far it can be raised: beyond that, stacks and products of two of these numbers would no
  /// longer be safe.
  public var ceiling: Int { row.ceiling }

  /// Whether it counts bytes.
  public var isByteCount: Bool { row.isByteCount }

  private var row: (standard: Int, ceiling: Int, isByteCount: Bool) {
    switch self {
    case .ggufKeys, .ggufTensors: (1 << 20, 1 << 31, false)
    case .ggufKeyLength: (65_535, 1 << 31, true)
    case .ggufString: (1 << 26, 1 << 40, true)
    case .ggufHeader: (1 << 29, 1 << 40, true)
    case .ggufArrayDepth: (4, 64, false)
    case .ggufNameLength: (64, 1 << 31, true)
    case .ggufRank: (4, 64, false)
    case .ggufAlignment: (65_536, 1 << 31, true)
    case .safetensorsHeader, .index: (100_000_000, 1 << 40, true)
    case .safetensorsRank: (64, 1 << 20, false)
    case .safetensorsNameLength: (65_536, 1 << 31, true)
    case .files: (10_000, 65_535, false)
    case .jsonDepth: (64, 128, false)
    case .zstdFrames: (1 << 21, 1 << 31, false)
    case .streamHeader: (1 << 28, 1 << 40, true)
    case .config: (1 << 20, 1 << 40, true)
    case .frontMatter: (1 << 16, 1 << 30, true)
    case .tokenizer: (64 << 20, 1 << 40, true)
    case .layers: (10_000, 1 << 20, false)
    case .heads: (65_536, 1 << 24, false)
    case .width: (1 << 24, 1 << 31, false)
    case .vocabulary, .merges: (1 << 24, 1 << 31, false)
    case .addedTokens: (1 << 16, 1 << 24, false)
    case .context: (1 << 40, 1 << 53, false)
    }
  }
}
