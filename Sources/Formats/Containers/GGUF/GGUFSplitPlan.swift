/// How a GGUF is cut into several files; Specs/gguf.md §9. Where both limits are given, both hold.
public struct GGUFSplitLimits: Sendable, Hashable {
  /// The most bytes of tensor data in a file, padding counted, header not.
  public var byteCount: Int?
  /// The most tensors in a file.
  public var tensorCount: Int?

  /// Makes limits; without any, the model stays in one file.
  public init(byteCount: Int? = nil, tensorCount: Int? = nil) {
    self.byteCount = byteCount
    self.tensorCount = tensorCount
  }
}

/// The files of a split model that is to be written.
///
/// They are cut where llama-gguf-split cuts them: each is filled in the order of the tensors, as far
/// as the limits go, and a tensor above the limit has a file of its own.
public struct GGUFSplitPlan: Sendable {
  /// The files, in order; one at least.
  public let shards: [GGUFPlan]

  /// Plans the files.
  ///
  /// - Parameters:
  ///   - metadata: Keys and values of the model; what they say about another split is left out.
  ///   - tensors: The tensors, in their order.
  ///   - limits: Where to cut.
  /// - Throws: `usage` for a limit below 1; `limit` for too many files or tensors; what
  ///   ``GGUFPlan/init(metadata:tensors:)`` throws.
  public init(
    metadata: GGUFMetadata, tensors: [GGUFPlan.Tensor], limits: GGUFSplitLimits
  ) throws(FormatError) {
    try GGUFPlan.checkNames(tensors)
    let model = metadata.withoutSplit
    let groups = try Self.groups(tensors, limits, alignment: metadata.alignment())
    try Self.check(fileCount: groups.count, tensorCount: tensors.count)
    var shards: [GGUFPlan] = []
    for (index, group) in groups.enumerated() {
      let keys = GGUFMetadata.split(index, of: groups.count, tensorCount: tensors.count)
      let entries = index == 0 ? model.entries : model.alignmentEntries
      shards.append(try GGUFPlan(metadata: GGUFMetadata(entries + keys), tensors: group))
    }
    self.shards = shards
  }

  private static func groups(
    _ tensors: [GGUFPlan.Tensor], _ limits: GGUFSplitLimits, alignment: Int
  ) throws(FormatError) -> [[GGUFPlan.Tensor]] {
    let (maxBytes, maxTensors) = (limits.byteCount ?? .max, limits.tensorCount ?? .max)
    guard maxBytes > 0, maxTensors > 0 else {
      throw FormatError(.usage, "a file of a split model must have room for a tensor and a byte")
    }
    var groups: [[GGUFPlan.Tensor]] = [[]]
    var filled = 0
    for tensor in tensors {
      let last = groups.count - 1
      let size = try tensor.byteCount.aligned(to: alignment, "the end of tensor '\(tensor.name)'")
      let end = try filled.adding(size, "the length of all data")
      if groups[last].isEmpty || (end <= maxBytes && groups[last].count < maxTensors) {
        groups[last].append(tensor)
        filled = end
      } else {
        groups.append([tensor])
        filled = size
      }
    }
    return groups
  }

  /// What a reader of ours takes, which is less than the keys' types can hold.
  private static func check(fileCount: Int, tensorCount: Int) throws(FormatError) {
    guard fileCount <= Limit.files.standard else {
      throw Limit.exceededInWriting(
        "the model would be split into \(fileCount) files", Limit.files.standard)
    }
    guard tensorCount <= Limit.ggufTensors.standard else {
      throw Limit.exceededInWriting(
        "the model has \(tensorCount) tensors", Limit.ggufTensors.standard)
    }
  }
}
