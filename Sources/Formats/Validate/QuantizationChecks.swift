/// How AWQ and MLX weights are stored, against what the configuration says and engines take.
struct QuantizationChecks {
  let model: Model

  func run(_ findings: inout Findings) {
    let first = findings.all.count
    switch model.form {
    case .awq:
      checkConfiguration(&findings)
      for tensor in model.tensors where tensor.layout.isAWQ { check(tensor, &findings) }
      checkFused(&findings)
      checkUnconverted(&findings)
    case .mlx: checkBits(&findings)
    default: break
    }
    findings.locate(from: first, model.path)
  }

  private var configuration: JSONValue? { model.config?["quantization_config"] }

  private func checkConfiguration(_ findings: inout Findings) {
    let names = [
      ["quant_method"], ["bits", "w_bit"], ["group_size", "q_group_size"], ["zero_point"],
    ]
    for alternatives in names
    where alternatives.allSatisfy({ configuration?[$0] == nil }) {
      findings.add(
        .awqMember,
        FormatError(.malformed, "'quantization_config.\(alternatives[0])' is needed and missing"))
    }
    let types = ["torch_dtype", "dtype"].compactMap { model.config?[$0] }
    let hasHalfScales = model.tensors.contains {
      $0.layout.isAWQ && $0.layout.parts[2].type == .f16
    }
    if types.contains(.string("bfloat16")), hasHalfScales {
      findings.add(
        .bfloat16Scales,
        FormatError(.unsupported, "'torch_dtype' is bfloat16, needed float16 as the scales are"))
    }
  }

  private func check(_ tensor: Tensor, _ findings: inout Findings) {
    let add = { (rule: Rule, message: String, findings: inout Findings) in
      findings.add(rule, FormatError(.unsupported, message).located(tensor: tensor.name))
    }
    let stated = configuration?["group_size"] ?? configuration?["q_group_size"]
    if case .integer(let size)? = stated, let found = tensor.layout.groupSize,
      size != found, size != -1 || found != tensor.matrix.columns
    {
      add(.awqGroupSize, "'group_size' is \(size), the scales are of groups of \(found)", &findings)
    }
    let scales = tensor.layout.parts[2].type
    if scales != .f16 {
      add(.awqScaleType, "needed scales of F16, found \(scales.name.quoted())", &findings)
    }
    if !tensor.shape.allSatisfy({ $0.isMultiple(of: 32) }) {
      add(.awqSizes, "needed multiples of 32, found the shape \(tensor.shape)", &findings)
    }
    let role = Inspection.TensorFacts.Role(tensor)
    let isAllowed = role == .output && configuration?["lm_head"] == .bool(true)
    if role.isEmbedding, !isAllowed {
      add(.awqEmbeddings, "needed F16, found \(tensor.layout.name.quoted())", &findings)
    }
  }

  /// Whether of weights that engines join either all are quantized or none.
  private func checkFused(_ findings: inout Findings) {
    guard let names = Inspection.ArchitectureFacts(model).name.flatMap(NameTable.table) else {
      return
    }
    for tensor in model.tensors where tensor.layout.isAWQ {
      let dense = names.fusedSiblings(huggingFace: tensor.name).compactMap {
        model.tensor(named: $0)
      }.first { !$0.layout.isAWQ }
      guard let dense else { continue }
      findings.add(
        .awqFused,
        FormatError(
          .unsupported, "is quantized, '\(dense.name.quoted())' is \(dense.layout.name)"
        ).located(tensor: tensor.name))
    }
  }

  /// Whether just the linear layers that the configuration leaves out are dense.
  private func checkUnconverted(_ findings: inout Findings) {
    guard let names = Inspection.ArchitectureFacts(model).name.flatMap(NameTable.table) else {
      return
    }
    var listed: [String] = []
    if case .array(let modules)? = configuration?["modules_to_not_convert"] {
      listed = modules.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }
    let search = PieceSearch(listed)
    // Only a hostile file has lists of so many lengths: to look for each would take too long.
    guard search.lengthCount <= 1_000_000 / max(model.tensors.count, 1) else { return }
    for tensor in model.tensors {
      guard let row = names.match(huggingFace: tensor.name)?.row,
        row.huggingFace.isPerLayer, row.shape.count == 2
      else { continue }
      let module = tensor.name.dropping(suffix: ".weight") ?? tensor.name
      let name = search.first(in: module).map { listed[$0] }
      guard tensor.layout.isAWQ == (name != nil) else { continue }
      let message =
        name.map { "is quantized, and 'modules_to_not_convert' names '\($0.quoted())'" }
        ?? "is \(tensor.layout.name), and 'modules_to_not_convert' does not name it"
      findings.add(
        .awqUnconverted, FormatError(.unsupported, message).located(tensor: tensor.name))
    }
  }

  private func checkBits(_ findings: inout Findings) {
    let layouts: [Layout] = [.mlx1, .mlx1Group64, .mlx1Group32]
    guard let tensor = model.tensors.first(where: { layouts.contains($0.layout) }) else { return }
    findings.add(
      .mlxVersion,
      FormatError(.unsupported, "the weights have 1 bit: mlx takes that from 0.32.4 on")
        .located(tensor: tensor.name))
  }
}
