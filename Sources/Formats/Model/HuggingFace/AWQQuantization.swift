/// `quantization_config` as AutoAWQ writes it; Specs/names.md §3.
public struct AWQQuantization: Sendable, Hashable {
  /// Input channels that share one scale and one zero point.
  public var groupSize: Int
  /// Modules whose weights stay as they are, or `nil` for AutoAWQ's `null`. Engines look for each
  /// as a part of a module's name.
  public var modulesToNotConvert: [String]?

  /// Makes a configuration.
  public init(groupSize: Int = 128, modulesToNotConvert: [String]? = nil) {
    self.groupSize = groupSize
    self.modulesToNotConvert = modulesToNotConvert
  }

  /// The member's value.
  var json: JSONValue {
    [
      "quant_method": "awq", "zero_point": true, "group_size": .integer(groupSize), "bits": 4,
      "version": "gemm",
      "modules_to_not_convert": modulesToNotConvert.map { .array($0.map { .string($0) }) } ?? .null,
    ]
  }
}
