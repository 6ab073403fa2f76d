/// Which tensor of the source becomes which tensor of the output, in which layout.
struct TargetPlan: Sendable {
  /// One tensor.
  struct Entry: Sendable {
    let source: Tensor
    /// The name in the output.
    let name: String
    var layout: Layout

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

  /// In the order of a model: embedding, layers, final norm, output.
  var entries: [Entry]
  /// Modules that a quantized layout was meant for and that stay dense.
  var unconverted: [String] = []
  /// What is not as one would expect.
  var notes: [String] = []
}
