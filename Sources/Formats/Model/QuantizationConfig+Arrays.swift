/// Arrays that only a quantization explains, and that the configuration leaves unexplained.
extension QuantizationConfig {
  /// Checks that the method is one that converts, that it explains all arrays of quantized weights, and
  /// that AWQ's groups are those that it says, for engines go by that.
  ///
  /// - Throws: `unsupported` and `malformed`.
  func check(_ tensors: [Tensor]) throws(FormatError) {
    try checkIsKnown()
    let names = NameSet(tensors.lazy.map(\.name))
    for tensor in tensors {
      try locating(tensor: tensor.name) { () throws(FormatError) in try checkGroups(of: tensor) }
      if let error = unexplained(tensor, names) { throw error.located(tensor: tensor.name) }
    }
  }

  private func checkGroups(of tensor: Tensor) throws(FormatError) {
    guard method == .awq, tensor.layout.parts.count > 1, let found = tensor.layout.groupSize,
      let stated = awqGroupSize(columns: tensor.matrix.columns), stated != found
    else { return }
    throw FormatError(
      .malformed,
      "needed groups of \(stated) as the configuration says, found groups of \(found)")
  }

  /// The error for an array that no configuration explains, or `nil`.
  private func unexplained(_ tensor: Tensor, _ names: NameSet) -> FormatError? {
    let type = tensor.parts.first?.info.type
    guard tensor.parts.count == 1 else { return nil }
    if type == .i32, [".qweight", ".qzeros", ".g_idx"].contains(where: tensor.name.hasSuffix) {
      return FormatError(
        .unsupported,
        method == .awq
          ? "it is no array of AWQ's weights: GPTQ has such, and only AWQ converts"
          : "it is an array of AWQ or GPTQ, and config.json does not say so: the member "
            + "'quantization_config' that was written with it is needed")
    }
    guard type == .u32, let module = tensor.name.dropping(suffix: ".weight"),
      names.number(of: module + ".scales") != nil
    else { return nil }
    return FormatError(
      .unsupported,
      method == .mlx
        ? "config.json says that this module is not quantized, and it is stored in words of MLX "
          + "with scales"
        : "it is stored in words of MLX with scales, and config.json does not say so: the member "
          + "'quantization' is needed, without which mlx-lm does not load it either")
  }
}
