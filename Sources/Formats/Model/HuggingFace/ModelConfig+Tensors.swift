extension ModelConfig {
  /// Checks that a GGUF file holds the tensors of this model: each by its name and in its shape,
  /// none missing and none besides; Specs/names.md §6.
  ///
  /// - Throws: `unsupported` for a name that the architecture does not have; `malformed` for a
  ///   wrong shape, a layer beyond the last, and a tensor that is missing or there twice.
  public func check(gguf tensors: [TensorInfo]) throws(FormatError) {
    var found: Set<ByteString> = []
    for tensor in tensors {
      guard let match = names.match(gguf: tensor.name) else {
        throw FormatError(
          .unsupported, "architecture '\(names.architecture)' has no tensor of this name"
        ).located(tensor: tensor.name)
      }
      guard match.layer ?? 0 < layerCount else {
        throw FormatError(.malformed, "the model has \(layerCount) layers")
          .located(tensor: tensor.name)
      }
      guard tensor.shape == shape(of: match.row) else {
        throw FormatError(
          .malformed, "needed the shape \(shape(of: match.row)), found \(tensor.shape)"
        ).located(tensor: tensor.name)
      }
      guard found.insert(ByteString(tensor.name)).inserted else {
        throw FormatError(.malformed, "the tensor is there twice").located(tensor: tensor.name)
      }
    }
    for row in names.rows where !row.isOptional {
      for layer in 0..<(row.gguf.isPerLayer ? layerCount : 1) {
        let name = row.gguf.name(layer: layer)
        guard found.contains(ByteString(name)) else {
          throw FormatError(.malformed, "the tensor is needed and missing").located(tensor: name)
        }
      }
    }
  }
}
