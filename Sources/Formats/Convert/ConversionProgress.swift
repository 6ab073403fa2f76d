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
