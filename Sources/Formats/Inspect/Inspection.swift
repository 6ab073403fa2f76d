/// What a model is, as facts: nothing is printed here, and no tensor data is read but a few bytes of
/// zero points. Specs/inspect.md.
///
/// An inspection never fails for what a file means, only for what cannot be read: sizes that are not
/// known are `nil`, and what is odd about the file stands in ``warnings``.
public struct Inspection: Sendable {
  /// The path that was opened.
  public let path: String
  /// What it is stored as.
  public let form: Model.Form
  /// What is particular to GGUF, and `nil` for the others.
  public let gguf: GGUFFacts?
  /// The files that hold tensors.
  public let files: [File]
  /// The bytes of all of them.
  public var byteCount: Int { files.reduce(0) { $0.saturatingSum($1.byteCount ?? 0) } }
  /// What kind of model it is, and its sizes.
  public let architecture: ArchitectureFacts
  /// The chat templates that it brings along.
  public let chatTemplates: [ChatTemplateFacts]
  /// All tensors together.
  public let total: Total
  /// All tensors but the embeddings and the output matrix.
  public let totalWithoutEmbeddings: Total
  /// The tensors of each layout, most bytes first.
  public let layouts: [LayoutFacts]
  /// The zero points in the first group of the AWQ weights, each once, ascending.
  public let zeroPoints: [Int]
  /// Over how many devices an AWQ directory can be spread; `nil` where that is not known.
  public let serving: ServingFacts?
  /// What the files say about the model, in their order.
  public let metadata: [MetadataEntry]
  /// The weights, in the order of ``Model/tensors``.
  public let tensors: [TensorFacts]
  /// What somebody should know before using the model.
  public let warnings: [Warning]

  /// Collects the facts of a model.
  ///
  /// - Throws: `io` and `truncated` for files that are no longer as they were opened.
  public init(_ model: Model) throws(FormatError) {
    path = model.path
    form = model.form
    gguf = model.gguf.flatMap(GGUFFacts.init)
    files = model.files.map {
      File(
        name: $0.name, byteCount: $0.source.byteCount, dataOffset: $0.dataOffset,
        access: $0.source.access)
    }
    let roles = model.tensors.map { TensorFacts.Role($0) }
    architecture = ArchitectureFacts(model, roles)
    chatTemplates = ChatTemplateFacts.all(model)
    tensors = TensorFacts.all(model, roles, architecture: architecture.name)
    total = Total(tensors)
    totalWithoutEmbeddings = Total(tensors.lazy.filter { !$0.role.isEmbedding })
    layouts = LayoutFacts.all(tensors)
    zeroPoints = try ZeroPoints.sample(model)
    serving = ServingFacts(model, architecture)
    metadata = MetadataEntry.all(model)
    warnings = Warning.all(model, tensors, architecture)
    try model.checkUnchanged()
  }
}

extension Inspection {
  /// A file that holds tensors.
  public struct File: Sendable, Hashable {
    /// Its name, without its directory.
    public let name: String
    /// Its size, decompressed; `nil` for a zstd file without a seek table.
    public let byteCount: Int?
    /// Where tensor data begins.
    public let dataOffset: Int
    /// How it can be read: anything but ``ByteAccess/direct`` is a zstd file.
    public let access: ByteAccess

    /// The name of the compression in documents; `nil` for a plain file.
    var compression: String? {
      switch access {
      case .direct, .once: nil
      case .framed: "zstd-seekable"
      case .forward: "zstd"
      }
    }
  }

  /// What is particular to GGUF.
  public struct GGUFFacts: Sendable, Hashable {
    /// 2 or 3.
    public let version: UInt32
    /// Whether the most significant byte comes first.
    public let isBigEndian: Bool
    /// What tensor data is aligned to.
    public let alignment: Int

    init?(_ split: GGUFSplit) {
      guard let first = split.shards.first else { return nil }
      version = first.version
      isBigEndian = first.isBigEndian
      alignment = first.alignment
    }
  }

  /// What somebody should know before using the model.
  public struct Warning: Sendable, Hashable {
    /// A name that stays the same, for programs.
    public let id: String
    /// One sentence for people; may hold text of the file.
    public let message: String
  }
}
