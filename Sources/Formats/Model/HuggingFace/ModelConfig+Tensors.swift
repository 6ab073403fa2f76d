extension ModelConfig {
  /// Checks that a GGUF file holds the tensors of this model: each by its name and in its shape,
  /// none missing and none besides; Specs/names.md §6.
  ///
  /// - Throws: `unsupported` for a name that the architecture does not have; `malformed` for a
  ///   wrong shape, a layer beyond the last, and a tensor that is missing or there twice.
  public func check(gguf tensors: [TensorInfo]) throws(FormatError) {
    try check(tensors.map { ($0.name, $0.shape) }, \.gguf)
  }

  /// Checks likewise that a directory holds the tensors of this model, under its own names.
  ///
  /// - Throws: What ``check(gguf:)`` throws.
  public func check(huggingFace tensors: [Tensor]) throws(FormatError) {
    try check(tensors.map { ($0.name, $0.shape) }, \.huggingFace)
  }

  private func check(
    _ tensors: [(name: String, shape: [Int])], _ side: KeyPath<NameTable.Row, NamePattern>
  ) throws(FormatError) {
    var found: Set<ByteString> = []
    for (name, shape) in tensors {
      guard let match = names.match(name, side) else {
        throw FormatError(
          .unsupported, "architecture '\(names.architecture)' has no tensor of this name"
        ).located(tensor: name)
      }
      guard match.layer ?? 0 < layerCount else {
        throw FormatError(.malformed, "the model has \(layerCount) layers").located(tensor: name)
      }
      guard shape == self.shape(of: match.row) else {
        throw FormatError(
          .malformed, "needed the shape \(self.shape(of: match.row)), found \(shape)"
        ).located(tensor: name)
      }
      guard found.insert(ByteString(name)).inserted else {
        throw FormatError(.malformed, "the tensor is there twice").located(tensor: name)
      }
    }
    for row in names.rows where !row.isOptional {
      let pattern = row[keyPath: side]
      for layer in 0..<(pattern.isPerLayer ? layerCount : 1) {
        let name = pattern.name(layer: layer)
        guard found.contains(ByteString(name)) else {
          throw FormatError(.malformed, "the tensor is needed and missing").located(tensor: name)
        }
      }
    }
  }
}
