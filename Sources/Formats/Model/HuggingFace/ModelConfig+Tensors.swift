extension ModelConfig {
  /// Checks that a GGUF file holds the tensors of this model: each by its name and in its shape,
  /// none missing and none besides; Specs/names.md §6.
  ///
  /// - Throws: `unsupported` for a name that the architecture does not have; `malformed` for a
  ///   wrong shape, a layer beyond the last, and a tensor that is missing or there twice.
  public func check(gguf tensors: [TensorInfo]) throws(FormatError) {
    var findings = Findings.strict
    try check(gguf: tensors, isWhole: true, &findings)
  }

  /// - Parameter isWhole: Whether tensors that are not there are missing.
  func check(
    gguf tensors: [TensorInfo], isWhole: Bool, _ findings: inout Findings
  ) throws(FormatError) {
    try check(tensors.map { ($0.name, $0.shape) }, \.gguf, isWhole, &findings)
  }

  /// Checks likewise that a directory holds the tensors of this model, under its own names.
  ///
  /// - Throws: What ``check(gguf:)`` throws.
  public func check(huggingFace tensors: [Tensor]) throws(FormatError) {
    var findings = Findings.strict
    try check(huggingFace: tensors, isWhole: true, &findings)
  }

  func check(
    huggingFace tensors: [Tensor], isWhole: Bool, _ findings: inout Findings
  ) throws(FormatError) {
    try check(tensors.map { ($0.name, $0.shape) }, \.huggingFace, isWhole, &findings)
  }

  private func check(
    _ tensors: [(name: String, shape: [Int])], _ side: KeyPath<NameTable.Row, NamePattern>,
    _ isWhole: Bool, _ findings: inout Findings
  ) throws(FormatError) {
    var found: Set<ByteString> = []
    for (name, shape) in tensors {
      if let (rule, error) = fault(name, shape, side) {
        try findings.report(rule, error.located(tensor: name))
      }
      // Whoever collects has been told by the container's reader.
      if !found.insert(ByteString(name)).inserted, findings.isStrict {
        throw FormatError(.malformed, "the tensor is there twice").located(tensor: name)
      }
    }
    for row in names.rows where !row.isOptional && isWhole {
      let pattern = row[keyPath: side]
      for layer in 0..<(pattern.isPerLayer ? layerCount : 1) {
        let name = pattern.name(layer: layer)
        guard !found.contains(ByteString(name)) else { continue }
        try findings.report(
          .tensorMissing,
          FormatError(.malformed, "the tensor is needed and missing").located(tensor: name))
      }
    }
  }

  /// What is wrong with a name or a shape, or `nil`.
  private func fault(
    _ name: String, _ shape: [Int], _ side: KeyPath<NameTable.Row, NamePattern>
  ) -> (Rule, FormatError)? {
    guard let match = names.match(name, side) else {
      return (.unknownTensor, names.hasNoSuchTensor)
    }
    guard match.layer ?? 0 < layerCount else {
      return (.layerBeyond, FormatError(.malformed, "the model has \(layerCount) layers"))
    }
    let needed = self.shape(of: match.row)
    guard shape == needed else {
      return (.tensorShape, FormatError(.malformed, "needed the shape \(needed), found \(shape)"))
    }
    return nil
  }
}

extension NameTable {
  var hasNoSuchTensor: FormatError {
    FormatError(.unsupported, "architecture '\(architecture)' has no tensor of this name")
  }
}
