/// What a model can be converted to: a container with its names, and a layout for each kind of
/// tensor in it.
public enum ConversionTarget: String, Sendable, Hashable, CaseIterable {
  /// A Hugging Face directory in AutoAWQ's layout.
  case awq
  /// A Hugging Face directory of F16.
  case fp16
  /// A directory in MLX's layout of 1 bit.
  case mlx
  /// A GGUF file of 1-bit blocks.
  case gguf
  /// A GGUF file of F16.
  case ggufF16 = "gguf-f16"

  /// Whether the output is a GGUF; otherwise it is a directory of safetensors files.
  public var isGGUF: Bool { self == .gguf || self == .ggufF16 }

  /// What kind of tensor it is, as far as layouts differ by that.
  enum TensorRole: Sendable, Hashable {
    /// A matrix of a layer.
    case linear
    /// The embedding, or the output matrix.
    case embedding
    /// Everything else: norms, biases.
    case vector
  }

  /// The layout of a tensor whose values it can hold.
  func layout(of role: TensorRole) -> Layout {
    switch (self, role) {
    case (.awq, .linear): .awq
    case (.mlx, .linear), (.mlx, .embedding): .mlx1
    case (.gguf, .linear), (.gguf, .embedding): .q1_0
    case (.awq, _), (.fp16, _), (.mlx, .vector), (.ggufF16, .linear), (.ggufF16, .embedding): .f16
    case (.gguf, .vector), (.ggufF16, .vector): .f32
    }
  }
}

extension NameTable.Match {
  /// The role in a conversion of a tensor of that shape; one without elements has nothing to pack.
  func role(_ shape: [Int]) -> ConversionTarget.TensorRole {
    guard row.shape.count == 2, shape.count == 2, !shape.contains(0) else { return .vector }
    return row.isOfLayer ? .linear : .embedding
  }
}
