/// What `config.json` says about quantization, as far as reading needs it.
struct QuantizationConfig: Sendable {
  enum Method: Sendable, Hashable {
    /// There is a configuration, and it says that nothing is quantized.
    case none
    case awq
    case mlx
    /// Some other method: its arrays are shown as they are.
    case other(String)
    /// There is no configuration: the arrays themselves have to tell.
    case unknown
  }

  let method: Method
  private let mlx: JSONValue?

  init(_ config: JSONValue?) {
    guard let config else {
      method = .unknown
      mlx = nil
      return
    }
    mlx = config["quantization"].flatMap { $0["bits"] == nil ? nil : $0 }
    if mlx != nil {
      method = .mlx
    } else if case .string(let name)? = config["quantization_config"]?["quant_method"] {
      method = name == "awq" ? .awq : .other(name)
    } else {
      method = .none
    }
  }

  /// Bits and group size of a module: its own, or those of the whole model, or, where nobody says,
  /// those of a 1-bit model.
  func mlxQuantization(of module: String) -> (bits: Int, groupSize: Int) {
    let own = mlx?[module]
    let integer = { (name: String) -> Int? in
      for value in [own, mlx] {
        if case .integer(let number)? = value?[name], number > 0 { return number }
      }
      return nil
    }
    return (min(integer("bits") ?? 1, 32), min(integer("group_size") ?? 128, 1 << 20))
  }
}
