/// Limits of this library for safetensors files; Specs/safetensors.md §7.
public enum SafetensorsLimits {
  /// Bytes of a header's JSON text, as the format itself has it.
  public static let headerByteCount = 100_000_000
  /// Sizes in a shape.
  public static let rank = 64
  /// Bytes of a tensor's name.
  public static let nameByteCount = 65_536
  /// Bytes of an index of shards.
  public static let indexByteCount = 100_000_000
}
