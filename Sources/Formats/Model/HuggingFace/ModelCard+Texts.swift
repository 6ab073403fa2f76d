extension ModelCard {
  static let awqLayout = """
    Every weight of the linear layers is +d or -d, with one FP16 number d for 128 weights of a row.
    AWQ's INT4 holds that exactly: scale d, zero point 8, code 9 for +d and 7 for -d (`version:
    gemm`). Nothing was quantized again. Embeddings, norms and an output matrix that is not tied are
    FP16, which is what vLLM and SGLang expect.
    """

  static let plainLayout = """
    Every weight of the linear layers is +d or -d, with one FP16 number d for 128 weights of a row,
    written out in FP16.
    """

  static let awqServing = """
    ```
    vllm serve . --dtype float16
    python -m sglang.launch_server --model-path . --dtype float16
    ```

    Use `float16`. In `bfloat16` an engine rounds the scales to 8 bits of precision: seven of eight
    scales change, by up to 0.4 %, and the weights are no longer the model's own.
    """

  static let plainServing = """
    ```
    vllm serve . --dtype float16
    python -m sglang.launch_server --model-path . --dtype float16
    ```

    Use `float16`. In `bfloat16` an engine rounds the weights to 8 bits of precision: seven of eight
    change, by up to 0.4 %.
    """
}
