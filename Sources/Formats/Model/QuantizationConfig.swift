/// What `config.json` says about quantization, as far as reading needs it.
struct QuantizationConfig: Sendable {
  enum Method: Sendable, Hashable {
    /// There is a configuration, and it says that nothing is quantized.
    case none
    case awq
    case mlx
    /// Some other method, in words: its arrays are shown as they are.
    case other(String)
    /// There is no configuration: the arrays themselves have to tell.
    case unknown
  }

  let method: Method
  /// What MLX's member says of the whole model, and of modules by their names: there can be thousands
  /// of either.
  private let mlxModel: MLXMembers
  private let mlxModules: [ByteString: JSONValue]
  private let awqGroupSize: Int?

  init(_ config: JSONValue?) {
    let quantization = config?["quantization"]
    // `nil` could be JSON's null as well.
    let mlx = quantization?["bits"] == nil ? JSONValue?.none : quantization
    let awq = config?["quantization_config"]
    mlxModel = MLXMembers(mlx)
    mlxModules = mlx?.membersByName ?? [:]
    awqGroupSize =
      if case .integer(let size)? = awq?["group_size"] ?? awq?["q_group_size"] { size } else { nil }
    if let mlx {
      method = Self.mlxMethod(mlx)
    } else {
      method = config == nil ? .unknown : awq.map(Self.method) ?? .none
    }
  }

  /// Whether a document that AutoAWQ or AutoGPTQ wrote beside `config.json` speaks of quantization.
  static let fileNames = ["quantize_config.json", "quant_config.json"]

  private static func method(_ config: JSONValue) -> Method {
    guard let name = name(config) else { return .none }
    guard name == "awq" else { return .other("'\(name.quoted())'") }
    // transformers 5 calls the version a format.
    for member in ["version", "format"] {
      guard case .string(let version)? = config[member], version.lowercased() != "gemm" else {
        continue
      }
      return .other("'awq' of version '\(version.quoted())'")
    }
    if let bits = config["bits"] ?? config["w_bit"], bits != .integer(4) {
      return .other("'awq' of other than 4 bits")
    }
    return config["zero_point"] == .bool(false) ? .other("'awq' without zero points") : .awq
  }

  /// Files of their own say by their members whose they are.
  private static func name(_ config: JSONValue) -> String? {
    if case .string(let name)? = config["quant_method"] { return name }
    if config["w_bit"] != nil || config["zero_point"] != nil { return "awq" }
    return config["desc_act"] == nil ? nil : "gptq"
  }

  private static func mlxMethod(_ config: JSONValue) -> Method {
    guard case .string(let mode)? = config["mode"], mode != "affine" else { return .mlx }
    return .other("'mlx' in mode '\(mode.quoted())'")
  }

  /// Bits and group size of a module: its own, or those of the whole model, or, where nobody says,
  /// those of a 1-bit model; `nil` where the module is said not to be quantized.
  func mlxQuantization(of module: String) -> (bits: Int, groupSize: Int)? {
    let own = mlxModules[ByteString(module)]
    if own == .bool(false) { return nil }
    let members = MLXMembers(own)
    return (
      members.bits ?? mlxModel.bits ?? 1, members.groupSize ?? mlxModel.groupSize ?? 128
    )
  }

  /// Bits and group size; what cannot be does not count, see ``checkMembers(_:file:_:_:)``.
  private struct MLXMembers {
    let bits: Int?
    let groupSize: Int?

    init(_ json: JSONValue?) {
      let integer = { (name: String, most: Int) -> Int? in
        guard case .integer(let number)? = json?[name], (1...most).contains(number) else {
          return nil
        }
        return number
      }
      bits = integer("bits", 32)
      groupSize = integer("group_size", .max)
    }
  }

  /// The weights of a row of AWQ's that share a scale, as the configuration says it; -1 means all.
  func awqGroupSize(columns: Int) -> Int? { awqGroupSize == -1 ? columns : awqGroupSize }

  /// - Throws: `unsupported` for a method that is only recognized.
  func checkIsKnown() throws(FormatError) {
    guard case .other(let method) = method else { return }
    throw FormatError(
      .unsupported,
      "the weights are quantized by \(method): only AWQ of version gemm with 4 bits and zero points "
        + "and MLX in mode affine convert without loss")
  }
}
