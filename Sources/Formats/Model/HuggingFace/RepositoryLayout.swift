/// How the weights of a Hugging Face repository are stored, as its `config.json` says it;
/// Specs/names.md §3.
public enum RepositoryLayout: Sendable, Hashable {
  /// F16 throughout, without any quantization.
  case dense
  /// As AutoAWQ writes it: groups of 128, but for the modules named. Engines look for each as a part
  /// of a module's name; `nil` is AutoAWQ's `null`.
  case awq(modulesToNotConvert: [String]?)
  /// As mlx-lm writes it: 1 bit, groups of 128, but for the modules named.
  case mlx(others: [MLXModule] = [])

  /// A module that is quantized otherwise than the rest.
  public struct MLXModule: Sendable, Hashable {
    /// Its name, without `.weight`.
    public let name: String
    /// Bits of a weight.
    public let bits: Int
    /// Weights that share a scale.
    public let groupSize: Int
  }

  /// Whether it is MLX's.
  public var isMLX: Bool {
    if case .mlx = self { true } else { false }
  }

  /// The members that `config.json` has for it.
  var configMembers: [JSONValue.Member] {
    switch self {
    case .dense: []
    case .awq(let modules):
      [
        .init(
          "quantization_config",
          [
            "quant_method": "awq", "zero_point": true, "group_size": 128, "bits": 4,
            "version": "gemm",
            "modules_to_not_convert": modules.map { .array($0.map { .string($0) }) } ?? .null,
          ])
      ]
    case .mlx(let others):
      // mlx-lm reads the first; others look for the second.
      ["quantization", "quantization_config"].map {
        .init($0, .object(Self.mlxMembers(bits: 1, groupSize: 128) + others.map(\.member)))
      }
    }
  }

  fileprivate static func mlxMembers(bits: Int, groupSize: Int) -> [JSONValue.Member] {
    [
      .init("group_size", .integer(groupSize)), .init("bits", .integer(bits)),
      .init("mode", "affine"),
    ]
  }
}

extension RepositoryLayout.MLXModule {
  fileprivate var member: JSONValue.Member {
    .init(name, .object(RepositoryLayout.mlxMembers(bits: bits, groupSize: groupSize)))
  }
}
