extension NameTable {
  /// A table that leaves every name as it is, for an architecture that has none of its own: enough to
  /// convert between layouts of one naming.
  ///
  /// - Throws: `unsupported` for parts of a model that are not language, by name.
  static func unchanged(_ tensors: [Tensor]) throws(FormatError) -> NameTable {
    var rows: [Row] = []
    var seen: Set<ByteString> = []
    for tensor in tensors {
      let parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false)
      guard !parts.prefix(2).contains(where: { towers.contains(String($0)) }) else {
        throw FormatError(
          .unsupported, "the tensor is of a vision tower, and only language models convert"
        ).located(tensor: tensor.name)
      }
      // What only looks like a layer's is carried along by its whole name.
      let pattern = NamePattern(leavingFirstNumberOpen: tensor.name)
      if let pattern, !seen.insert(ByteString(pattern.text)).inserted { continue }
      let name = pattern ?? NamePattern(literally: tensor.name)
      let isNumbered = NamePattern.leavingFirstNumberOpen(tensor.name) != nil
      let isMatrix =
        tensor.shape.count == 2 && parts.last == "weight"
        && (isNumbered || outermost.contains(tensor.name))
      rows.append(Row(name, name, isMatrix ? [.hidden, .hidden] : [], isOfLayer: isNumbered))
    }
    return NameTable(architecture: "", modelClass: "", rows: rows, fused: fused)
  }

  /// This table, and a row more for each name that it does not have, which stays as it is.
  ///
  /// - Throws: What ``unchanged(_:)`` throws.
  func extended(
    by tensors: [Tensor], _ side: KeyPath<Row, NamePattern>
  ) throws(FormatError) -> NameTable {
    let strangers = try NameTable.unchanged(tensors.filter { match($0.name, side) == nil })
    return NameTable(
      architecture: architecture, modelClass: modelClass, rows: rows + strangers.rows, fused: fused)
  }

  private static let towers: Set = [
    "visual", "vision_tower", "vision_model", "multi_modal_projector", "v", "mm",
  ]
  /// Embedding and output matrices, as most architectures name them.
  private static let outermost: Set = [
    "token_embd.weight", "output.weight", "model.embed_tokens.weight", "lm_head.weight",
  ]
}
