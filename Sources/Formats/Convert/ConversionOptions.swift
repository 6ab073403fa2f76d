/// What a conversion can be told.
public struct ConversionOptions: Sendable {
  /// The most bytes of tensor data in a file of safetensors.
  public var shardByteCount = 5_000_000_000
  /// How a GGUF is cut into the files of a directory, or `nil` for one file.
  public var split: GGUFSplitLimits?
  /// How the files that hold tensors are compressed, or `nil` for plain files.
  public var compression: Compression?
  /// Whether what was written is read back and compared before it gets its name.
  public var verifies = true
  /// Whether a model card is written.
  public var writesModelCard = true
  /// A directory whose tokenizer files are copied, in place of rebuilding them.
  public var tokenizerDirectory: String?
  /// Whether a dense weight that has no exact form in the target's layout is refused, rather than
  /// kept as it is.
  public var isStrict = false
  /// Whether such a weight is rounded; where it is to be refused, nothing is.
  public var allowsRounding = false
  /// Whether MLX scales are taken that miss −2 × bias by the last bit of a subnormal.
  public var toleratesSubnormals = false
  /// `tokenizer.ggml.pre` of a GGUF output, where the tokenizer's own pattern is not to decide.
  public var preTokenizer: String?
  /// Whether finished files of an interrupted run are kept, and those of an earlier one used where
  /// they hold what they should.
  public var resumes = false
  /// Whether an existing output is replaced.
  public var replaces = false
  /// How many tasks may work at once, and how much memory they may take.
  public var budget = RunBudget()

  /// The defaults: shards of 5 GB, verified, with a model card, nothing replaced.
  public init() {}
}
