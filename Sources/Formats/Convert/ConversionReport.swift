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
