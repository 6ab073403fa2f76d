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

/// How far a conversion is.
public struct ConversionProgress: Sendable {
  /// What is being done.
  public enum Phase: String, Sendable {
    /// Tensors are read, transformed and written.
    case converting
    /// The system is asked to make the files durable.
    case syncing
    /// What was written is read and compared.
    case proving
    /// Content is compressed.
    case packing
    /// Content is decompressed.
    case unpacking
  }

  /// What is being done.
  public let phase: Phase
  /// Bytes of output that are done in this phase.
  public let done: Int
  /// Bytes of output that there are to be.
  public let total: Int
}

/// What a conversion did.
public struct ConversionReport: Sendable {
  /// A file of the output.
  public struct File: Sendable, Hashable {
    /// Its name in the output directory.
    public let name: String
    /// Its size.
    public let byteCount: Int
  }

  /// The files of the output, in byte order of their names.
  public let files: [File]
  /// How many tensors there are, by layout.
  public let tensorCounts: [(layout: Layout, count: Int)]
  /// Weights in all of them.
  public let weightCount: Int
  /// What is not as one would expect, one sentence each; also of each tensor that was rounded.
  public let notes: [String]
  /// The tensors that were rounded, in the order of the output.
  public let roundedTensors: [RoundedTensor]
  /// Groups of MLX scales that were taken although they miss by a subnormal's last bit.
  public let toleratedGroupCount: Int
  /// Whether the output was read back and found equal to the source, where that was rounded to the
  /// rounded values.
  public let isProven: Bool
  /// What identifies the weights of the output, computed during the proof; `nil` without one, and for models with
  /// weights that are only carried along.
  public let fingerprint: Fingerprint?

  /// Weights that are not those of the source any more.
  public var changedWeightCount: Int { roundedTensors.changedCount }

  /// Bytes of all files together.
  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
}
