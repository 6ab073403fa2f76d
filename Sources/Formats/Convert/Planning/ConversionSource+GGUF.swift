extension ConversionSource {
  /// The metadata of a GGUF output; Specs/names.md §7 and Specs/gguf.md §13.
  ///
  /// That of a GGUF source stays as it is but for the two keys that say how tensors are stored,
  /// which go to the end, where llama-quantize puts them; that of a directory is made anew.
  func ggufMetadata(
    _ plan: TargetPlan, _ options: ConversionOptions
  ) throws(FormatError) -> GGUFMetadata {
    switch facts {
    case .directory(let documents):
      return try GGUFMetadata(
        documents: documents, config: config(),
        parameterCount: plan.entries.saturatingSum { $0.source.elementCount },
        fileType: plan.fileType, preTokenizer: options.preTokenizer)
    case .gguf(let metadata):
      let isChanged = plan.entries.contains { $0.layout != $0.source.layout }
      guard isChanged else { return metadata }
      let keys = ["general.quantization_version", "general.file_type"].map(ByteString.init)
      return GGUFMetadata(
        metadata.entries.filter { !keys.contains(ByteString($0.key)) } + [
          .init("general.quantization_version", .uint32(2)),
          .init("general.file_type", .uint32(plan.fileType)),
        ])
    }
  }
}

extension TargetPlan {
  /// `general.file_type`: what most weights are.
  fileprivate var fileType: UInt32 {
    let numbers: [(Layout, UInt32)] = [(.q1_0, 40), (.f16, 1), (.bf16, 32), (.f32, 0)]
    let counts = numbers.map { layout, number in
      let count = entries.filter { $0.layout == layout }.saturatingSum { $0.source.elementCount }
      return (count: count, number: number)
    }
    return counts.max { $0.count < $1.count }?.number ?? 1
  }
}
