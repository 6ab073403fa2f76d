extension RepositoryLayout {
  var title: String {
    switch self {
    case .dense: "FP16"
    case .awq: "AWQ, 4 bits, groups of 128"
    case .mlx: "MLX, 1 bit, groups of 128"
    }
  }

  var libraryName: String { isMLX ? "mlx" : "transformers" }

  var tags: [String] {
    switch self {
    case .dense: ["fp16"]
    case .awq: ["awq", "4-bit"]
    case .mlx: ["mlx"]
    }
  }

  var weightsText: String {
    switch self {
    case .dense: Self.plainLayout
    case .awq: Self.awqLayout
    case .mlx: Self.mlxLayout
    }
  }

  var servingText: String {
    switch self {
    case .dense: Self.plainServing
    case .awq: Self.awqServing
    case .mlx: Self.mlxServing
    }
  }

  private static let awqLayout = """
    Weights of the linear layers are +d or -d, with one FP16 number d for 128 weights of a row.
    AWQ's INT4 holds that exactly: scale d, zero point 8, code 9 for +d and 7 for -d (`version:
    gemm`). Nothing was quantized again. Embeddings, norms and an output matrix that is not tied are
    FP16, which is what vLLM and SGLang expect.
    """

  private static let plainLayout = """
    Every weight of the linear layers is +d or -d, with one FP16 number d for 128 weights of a row,
    written out in FP16.
    """

  private static let awqServing = """
    ```
    vllm serve . --dtype float16
    python -m sglang.launch_server --model-path . --dtype float16
    ```

    Use `float16`. In `bfloat16` an engine rounds the scales to 8 bits of precision: seven of eight
    scales change, by up to 0.4 %, and the weights are no longer the model's own.
    """

  private static let plainServing = """
    ```
    vllm serve . --dtype float16
    python -m sglang.launch_server --model-path . --dtype float16
    ```

    Use `float16`. In `bfloat16` an engine rounds the weights to 8 bits of precision: seven of eight
    change, by up to 0.4 %.
    """

  private static let mlxLayout = """
    Every weight of the linear layers and of the embedding is +d or -d, with one FP16 number d for
    128 weights of a row. MLX's affine quantization of 1 bit holds that exactly: the bits as they
    are, scale 2d, bias -d. Nothing was quantized again.
    """

  private static let mlxServing = """
    ```
    mlx_lm.generate --model . --prompt "Hello"
    ```

    MLX 0.32.4 and later take weights of 1 bit.
    """
}
