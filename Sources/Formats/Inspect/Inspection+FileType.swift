extension Inspection.Warning {
  /// `general.file_type` is what a writer says about the whole file; the tensors know better.
  static func fileType(
    _ model: Model, _ tensors: [Inspection.TensorFacts]
  ) -> [Inspection.Warning] {
    guard let number = (try? model.gguf?.metadata.integer("general.file_type")) ?? nil,
      let name = typeName(fileType: number)
    else { return [] }
    let layouts = Inspection.LayoutFacts.all(
      tensors.lazy.filter { $0.role == .linear && $0.meaning == .resolved }
    ).map(\.layout.name)
    guard let largest = layouts.first, !layouts.contains(where: { $0.isForm(of: name) }) else {
      return []
    }
    return [
      .init(
        id: "file-type",
        message: "general.file_type \(number) says \(name), the weights are mostly \(largest)")
    ]
  }

  /// The type that most weights have, by llama.cpp's and the fork's numbers for whole files.
  private static func typeName(fileType: Int) -> String? {
    switch fileType {
    case 0: "F32"
    case 1: "F16"
    case 2: "Q4_0"
    case 3: "Q4_1"
    case 7: "Q8_0"
    case 8: "Q5_0"
    case 9: "Q5_1"
    case 10: "Q2_K"
    case 11...13: "Q3_K"
    case 14, 15: "Q4_K"
    case 16, 17: "Q5_K"
    case 18: "Q6_K"
    case 32: "BF16"
    case 36: "TQ1_0"
    case 37: "TQ2_0"
    case 38: "MXFP4"
    case 39: "NVFP4"
    case 40: "Q1_0"
    case 41: "Q2_0"
    case 141, 142: "PQ2_0"
    case 143: "PTQ1_0"
    default: nil
    }
  }
}

extension String {
  /// Whether the text is a name or a variant of it: `Q2_0_G128` is a form of `Q2_0`.
  fileprivate func isForm(of name: String) -> Bool {
    utf8.elementsEqual(name.utf8) || utf8.starts(with: (name + "_G").utf8)
  }
}
