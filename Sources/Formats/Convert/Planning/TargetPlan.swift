/// Which tensor of the source becomes which tensor of the output, in which layout.
struct TargetPlan: Sendable {
  /// One tensor.
  struct Entry: Sendable {
    var source: Tensor
    /// The name in the output.
    let name: String
    var layout: Layout
    /// What its values say about that place, where they have been looked at and do not just fit.
    let finding: Finding?

    /// What the container of the output stores, part by part.
    var storedTensors: [SafetensorsPlan.Tensor] {
      layout.parts.map { part in
        SafetensorsPlan.Tensor(
          name: partName(part), type: part.type, shape: part.storedShape(of: source.shape))
      }
    }

    private func partName(_ part: Part) -> String {
      guard layout.parts.count > 1, let module = name.dropping(suffix: ".weight") else {
        return name
      }
      return module + "." + part.suffix
    }
  }

  /// What is done about values that have no exact form in the place that was meant for them.
  /// Indirect, so that the many entries without one stay small.
  indirect enum Finding: Sendable {
    /// The tensor stays as it is: the first value that has no exact form, and how many groups, or
    /// values of a vector, are like that.
    case kept(FormatError, count: Int)
    /// They are rounded.
    case rounded(Rounding)
  }

  /// Modules of an MLX directory that keep another layout of MLX's than the usual one.
  var otherMLXModules: [RepositoryLayout.MLXModule] {
    entries.compactMap { entry in
      guard entry.layout != .mlx1, let quantization = entry.layout.mlxQuantization,
        let module = entry.name.dropping(suffix: ".weight")
      else { return nil }
      return .init(name: module, bits: quantization.bits, groupSize: quantization.groupSize)
    }
  }

  /// In the order of a model: embedding, layers, final norm, output.
  var entries: [Entry]
  /// Modules that a quantized layout was meant for and that stay dense.
  var unconverted: [String] = []
  /// The same, to find one: there may be one for each tensor.
  var unconvertedNames = NameSet()
  /// Tensors of the source that the output does without, on purpose.
  var omitted: [String] = []
  /// What is not as one would expect.
  var notes: [String] = []
}
