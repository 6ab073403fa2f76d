/// A tensor of a GGUF file; Specs/gguf.md §4.
public struct GGUFTensor: Sendable, Hashable {
  /// How certain it is what the bytes of a tensor mean.
  public enum Meaning: Sendable, Hashable {
    /// The type is known, and ``TensorInfo/type`` says what it is.
    case resolved
    /// The type number has several meanings and the file's sizes agree with more than one of them;
    /// Specs/gguf.md §7.
    case ambiguous([StorageType])
    /// The type number is unknown or removed, or the file's sizes agree with none of its meanings.
    case unknown
  }

  /// Name, type, shape and bytes.
  ///
  /// The shape has the rank that the file gives it, outermost size first: the reverse of the file's
  /// own order. Unless the meaning is `resolved`, the type has a name for people and blocks of one
  /// element and no bytes, and the range goes on to the next tensor or to the end of the file (and
  /// is empty where that end is not known).
  public let info: TensorInfo
  /// The type number in the file.
  public let typeID: UInt32
  /// How certain the type is.
  public let meaning: Meaning
}

extension GGUFTensor {
  /// What stands behind a meaning that is `unknown`, to follow the type's number in a sentence.
  var whyUnknown: String { GGMLType.whyUnknown(typeID) }
}

extension GGMLType {
  /// Why tensors of a type can be unknown: `is not known`, `is Q4_2, which ggml no longer has`.
  static func whyUnknown(_ id: UInt32) -> String {
    guard let type = of(id) else { return "is not known" }
    if type.isRemoved { return "is \(type.name), which ggml no longer has" }
    return "fits neither \(type.readings.map(\.name).joined(separator: " nor "))"
  }
}
