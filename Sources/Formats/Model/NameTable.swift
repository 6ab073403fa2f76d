/// The names of one architecture's tensors in GGUF and in Hugging Face repositories, as data;
/// Specs/names.md §1.
public struct NameTable: Sendable {
  /// One tensor of the model, or one of every layer.
  public struct Row: Sendable {
    /// The name in GGUF.
    public let gguf: NamePattern
    /// The name in a Hugging Face repository.
    public let huggingFace: NamePattern
    /// What its sizes are, outermost first.
    public let shape: [Dimension]
    /// How the rows of GGUF lie in comparison with those of Hugging Face.
    public let rowOrder: RowOrder
    /// Whether a model may lack it.
    public let isOptional: Bool
    /// Whether it belongs to a layer; of a name that stays as it is, a number that no pattern has says
    /// so too.
    let isOfLayer: Bool

    init(
      _ gguf: NamePattern, _ huggingFace: NamePattern, _ shape: [Dimension],
      rowOrder: RowOrder = .same, isOptional: Bool = false, isOfLayer: Bool? = nil
    ) {
      self.gguf = gguf
      self.huggingFace = huggingFace
      self.shape = shape
      self.rowOrder = rowOrder
      self.isOptional = isOptional
      self.isOfLayer = isOfLayer ?? gguf.isPerLayer
    }
  }

  /// How the rows of a tensor in GGUF lie in comparison with those in a Hugging Face repository.
  public enum RowOrder: Sendable, Hashable {
    /// Both in the same order.
    case same
    /// Within each head, Hugging Face has the first halves of all rotated pairs and then the second
    /// ones; GGUF has pair after pair. With heads of `d` rows, row `2i + j` of a head in GGUF is
    /// row `j * d / 2 + i` of it in Hugging Face.
    case pairsWithinHeads(Heads)
  }

  /// Which heads a tensor's rows belong to.
  public enum Heads: Sendable, Hashable {
    /// As many as there are queries.
    case query
    /// As many as there are keys and values.
    case keyValue
  }

  /// What a size of a tensor stands for.
  public enum Dimension: Sendable, Hashable {
    /// Rows of the vocabulary.
    case vocabulary
    /// Width of the residual stream.
    case hidden
    /// Width within the feed-forward block.
    case intermediate
    /// Query heads times head dimension.
    case queries
    /// Key and value heads times head dimension.
    case keyValues
    /// Head dimension.
    case head
  }

  /// One name that was found in the table.
  public struct Match: Sendable {
    /// The row.
    public let row: Row
    /// The layer, where the row is one of every layer.
    public let layer: Int?
  }

  /// The value of `general.architecture`, and `model_type` of config.json.
  public let architecture: String
  /// `architectures` of config.json.
  public let modelClass: String
  /// The tensors.
  public let rows: [Row]
  /// Hugging Face names that engines join into one matrix, and that therefore need one layout;
  /// Specs/names.md §2.
  public let fused: [[NamePattern]]
  /// Where rows are found in a table that is too long to be looked through for each tensor.
  private let index: NameTableIndex?

  init(architecture: String, modelClass: String, rows: [Row], fused: [[NamePattern]]) {
    self.architecture = architecture
    self.modelClass = modelClass
    self.rows = rows
    self.fused = fused
    index = rows.count > NameTableIndex.longestScannedTable ? NameTableIndex(rows) : nil
  }

  /// The embedding's GGUF name, in every architecture.
  static let embedding: NamePattern = "token_embd.weight"
  /// The output matrix's GGUF name, in every architecture; tied models have none.
  static let output: NamePattern = "output.weight"

  /// What a GGUF name stands for, or `nil` where the architecture has no such tensor.
  public func match(gguf name: String) -> Match? { match(name, \.gguf) }

  /// What a Hugging Face name stands for, or `nil` where the architecture has no such tensor.
  public func match(huggingFace name: String) -> Match? { match(name, \.huggingFace) }

  /// The Hugging Face name of a GGUF tensor.
  public func huggingFaceName(gguf name: String) -> String? {
    match(gguf: name).map { $0.row.huggingFace.name(layer: $0.layer) }
  }

  /// The GGUF name of a Hugging Face tensor.
  public func ggufName(huggingFace name: String) -> String? {
    match(huggingFace: name).map { $0.row.gguf.name(layer: $0.layer) }
  }

  /// The tensors that engines join with this one, itself among them; empty where there are none.
  public func fusedSiblings(huggingFace name: String) -> [String] {
    for patterns in fused {
      for pattern in patterns {
        guard let layer = pattern.layer(in: name) else { continue }
        return patterns.map { $0.name(layer: layer) }
      }
    }
    return []
  }

  func match(_ name: String, _ side: KeyPath<Row, NamePattern>) -> Match? {
    if let index {
      return match(name, side, among: index.rows(of: name, side).lazy.map { rows[$0] })
    }
    return match(name, side, among: rows)
  }

  private func match(
    _ name: String, _ side: KeyPath<Row, NamePattern>, among rows: some Sequence<Row>
  ) -> Match? {
    for row in rows {
      if let layer = row[keyPath: side].layer(in: name) { return Match(row: row, layer: layer) }
    }
    return nil
  }
}
