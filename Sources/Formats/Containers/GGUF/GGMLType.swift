/// What a tensor's type number in a GGUF file can mean; Specs/gguf.md §6.
public struct GGMLType: Sendable, Hashable {
  /// The number in the file.
  public let id: UInt32
  /// The name, in ggml's spelling. Where two formats share the number, upstream ggml's.
  public let name: String
  /// The block formats that files with this number hold: one, none for a type that ggml removed,
  /// two where forks gave one number to two formats (Specs/gguf.md §7).
  public let readings: [StorageType]

  /// Whether ggml once had this type and dropped it; its block size is in no current source.
  public var isRemoved: Bool { readings.isEmpty }

  /// The type of a number, or `nil` for a number that nobody is known to use.
  public static func of(_ id: UInt32) -> GGMLType? { byID[id] }

  init(_ id: UInt32, _ readings: StorageType...) {
    self.id = id
    self.name = readings.first?.name ?? ""
    self.readings = readings
  }

  init(_ id: UInt32, removed name: String) {
    self.id = id
    self.name = "\(name) (removed)"
    self.readings = []
  }

  private static let byID: [UInt32: GGMLType] = {
    var result: [UInt32: GGMLType] = [:]
    for type in all { result[type.id] = type }
    return result
  }()
}

extension GGMLType {
  /// IEEE 754 binary32.
  public static let f32 = GGMLType(0, .f32)
  /// IEEE 754 binary16.
  public static let f16 = GGMLType(1, .f16)
  /// The upper half of a binary32.
  public static let bf16 = GGMLType(30, .bf16)
  /// 128 signs and one F16 scale.
  public static let q1_0 = GGMLType(41, .q1_0)
}
