/// Puts the stored arrays of a directory together into the tensors that they mean: an AWQ triple is
/// one weight, and so are MLX's words, scales and biases. Specs/layouts.md §4 and §5.
struct TensorGrouping {
  private let config: QuantizationConfig
  /// The arrays of all files, and their names in the same order.
  private let parts: [StoredPart]
  private let names: NameSet

  init(files: [[TensorInfo]], config: JSONValue?) {
    self.config = QuantizationConfig(config)
    var parts: [StoredPart] = []
    parts.reserveCapacity(files.reduce(0) { $0 + $1.count })
    for (file, infos) in files.enumerated() {
      for info in infos { parts.append(StoredPart(file: file, info: info)) }
    }
    self.parts = parts
    // They are asked for only where there are codes or words, beside which other parts are needed.
    let mayBeQuantized = parts.contains {
      $0.info.type == .u32 || $0.info.name.ends(in: ".qweight")
    }
    names = mayBeQuantized ? NameSet(parts.lazy.map(\.info.name)) : NameSet()
  }

  /// What kind of directory this is.
  var form: Model.Form {
    switch config.method {
    case .awq: .awq
    case .mlx: .mlx
    case .none, .other: .dense
    case .unknown: .safetensors
    }
  }

  /// The tensors, by name, layers by number.
  ///
  /// - Throws: `malformed` for parts whose shapes do not fit each other; where findings collect,
  ///   these are tensors of their own.
  func tensors(_ findings: inout Findings) throws(FormatError) -> [Tensor] {
    var isTaken = [Bool](repeating: false, count: parts.count)
    var tensors: [Tensor] = []
    for part in parts {
      let found = try findings.surviving(rule: rule) { (_) throws(FormatError) in
        try locating(tensor: part.info.name) { () throws(FormatError) in try quantized(part.info) }
      }
      guard let tensor = found ?? nil else { continue }
      tensors.append(tensor)
      for part in tensor.parts {
        if let number = names.number(of: part.info.name) { isTaken[number] = true }
      }
    }
    var layouts = OpaqueLayouts()
    for (part, isTaken) in zip(parts, isTaken) where !isTaken {
      let info = part.info
      tensors.append(
        Tensor(
          name: info.name, shape: info.shape, layout: layouts[info.type], parts: [part]))
    }
    let keys = tensors.map { NaturalKey($0.name) }
    // Most files have them in order.
    if !zip(keys, keys.dropFirst()).contains(where: { $1 < $0 }) { return tensors }
    return NaturalOrder(tensors.lazy.map(\.name)).sorted().map { tensors[$0] }
  }

  private func rule(_ error: FormatError) -> Rule {
    error.location.tensor?.hasSuffix(".weight") == true ? .mlxParts : .awqParts
  }

  /// The tensor whose first part this is, or `nil` where it is no quantized tensor's.
  private func quantized(_ info: TensorInfo) throws(FormatError) -> Tensor? {
    let awq = config.method == .awq || config.method == .unknown
    if awq, let module = info.name.dropping(suffix: ".qweight"),
      let zeros = try part(module + ".qzeros"), let scales = try part(module + ".scales")
    {
      // Where nothing says what the arrays are, they are shown as they are.
      guard config.method == .unknown || part(named: module + ".weight") == nil else {
        throw FormatError(.malformed, "the weight is there a second time, as '\(module).weight'")
      }
      return try tensor(
        module, self.awq(info, zeros.info, scales.info), [info, zeros.info, scales.info])
    }
    let mlx = config.method == .mlx || config.method == .unknown
    if mlx, info.type == .u32, let module = info.name.dropping(suffix: ".weight"),
      let quantization = config.mlxQuantization(of: module),
      let scales = try part(module + ".scales"), let biases = try part(module + ".biases")
    {
      let form = try self.mlx(info, scales.info, biases.info, quantization)
      return try tensor(module, form, [info, scales.info, biases.info])
    }
    return nil
  }

  /// A further part of a quantized tensor, without which the others mean nothing; where no
  /// configuration says what the arrays are, they may be something else.
  private func part(_ name: String) throws(FormatError) -> StoredPart? {
    let place = part(named: name)
    guard place != nil || config.method == .unknown else {
      throw FormatError(.malformed, "'\(name.quoted())' is needed beside it and missing")
    }
    return place
  }

  private func part(named name: String) -> StoredPart? {
    names.number(of: name).map { parts[$0] }
  }

  private func tensor(
    _ module: String, _ form: (layout: Layout, shape: [Int]), _ infos: [TensorInfo]
  ) throws(FormatError) -> Tensor {
    // 1-bit weights are eight to a byte, so their number can overflow although the bytes fit; and
    // where a stream's length is unknown, the sum of its arrays can overflow too.
    _ = try form.shape.elementCount()
    var sum = 0
    for info in infos { sum = try sum.adding(info.range.count, "the tensor's size in bytes") }
    for (part, info) in zip(form.layout.parts, infos) {
      let needed = part.byteCount(of: MatrixShape(form.shape))
      guard info.range.count == needed else {
        throw FormatError(
          .malformed,
          "needed \(needed) bytes for \(form.layout.name.quoted()), found \(info.range.count)"
        ).located(tensor: info.name)
      }
    }
    let parts = infos.compactMap { part(named: $0.name) }
    // Very many tensors share the layouts that are known.
    let layout = Layouts.all.first { $0 == form.layout } ?? form.layout
    return Tensor(name: module + ".weight", shape: form.shape, layout: layout, parts: parts)
  }

  /// qweight [in, out/8], qzeros [in/G, out/8], scales [in/G, out].
  private func awq(
    _ codes: TensorInfo, _ zeros: TensorInfo, _ scales: TensorInfo
  ) throws(FormatError) -> (layout: Layout, shape: [Int]) {
    let isMatrix = codes.shape.count == 2 && zeros.shape.count == 2 && scales.shape.count == 2
    guard isMatrix, codes.type == .i32, zeros.type == .i32, codes.shape[1] <= Int.max / 8,
      codes.shape[1] * 8 == scales.shape[1], zeros.shape == [scales.shape[0], codes.shape[1]],
      scales.shape[0] > 0, codes.shape[0] > 0, codes.shape[0] % scales.shape[0] == 0
    else {
      throw FormatError(
        .malformed,
        "needed qweight [in, out/8] and qzeros [in/G, out/8] of I32 and scales [in/G, out], found "
          + [codes, zeros, scales].map { "\($0.type.name.quoted()) \($0.shape)" }.joined(
            separator: ", "))
    }
    let groupSize = codes.shape[0] / scales.shape[0]
    let layout = Layout.awq(groupSize: groupSize, scaleType: scales.type)
    return (layout, [scales.shape[1], codes.shape[0]])
  }

  /// weight [out, in × bits / 32], scales and biases [out, in / G].
  private func mlx(
    _ words: TensorInfo, _ scales: TensorInfo, _ biases: TensorInfo,
    _ quantization: (bits: Int, groupSize: Int)
  ) throws(FormatError) -> (layout: Layout, shape: [Int]) {
    let isMatrix = words.shape.count == 2 && scales.shape.count == 2
    guard isMatrix, biases.shape == scales.shape, biases.type == scales.type,
      words.shape[0] == scales.shape[0], scales.shape[1] > 0
    else {
      throw FormatError(
        .malformed,
        "needed weight [out, words] and scales and biases [out, groups], found "
          + [words, scales, biases].map { "\($0.type.name.quoted()) \($0.shape)" }.joined(
            separator: ", "))
    }
    let (bits, groupSize) = quantization
    let columns = try scales.shape[1].multiplied(by: groupSize, "the inputs")
    let needed = try columns.multiplied(by: bits, "the bits of a row")
    guard try needed == words.shape[1].multiplied(by: 32, "the bits of a row's words") else {
      throw FormatError(
        .malformed,
        "needed \(bits) bits in groups of \(groupSize) as the configuration says, found "
          + "\(words.shape[1]) words and \(scales.shape[1]) groups in a row")
    }
    let layout = Layout.mlx(bits: bits, groupSize: groupSize, scaleType: scales.type)
    return (layout, [words.shape[0], columns])
  }
}
