"""vLLM on the CPU: a directory of AWQ or F16."""

import os
from pathlib import Path

os.environ |= {
    "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"}

import numpy as np
import torch
import vllm
from vllm import LLM, SamplingParams
from vllm import _custom_ops as operations
from vllm.model_executor.layers.quantization.utils.quant_utils import (
    unpack_quantized_values_into_int32)
from vllm.scalar_type import scalar_types

from worker import Unavailable

STAND_IN = ", stand-in"


def version() -> str:
    return vllm.__version__


def logits(path: Path, setting: str, texts: list[str]):
    if setting.endswith(STAND_IN):
        operations.cpu_gemm_wna16 = multiply
    elif path.name == "awq" and not torch.cpu._is_avx512_supported():
        raise Unavailable("vLLM's kernel for AWQ needs AVX-512, which this processor lacks")
    engine = LLM(
        str(path), dtype=setting.removesuffix(STAND_IN), enforce_eager=True, max_model_len=256,
        max_logprobs=-1, logprobs_mode="raw_logits", enable_prefix_caching=False)
    tokenizer = engine.get_tokenizer()
    sampling = SamplingParams(temperature=0, max_tokens=1, logprobs=-1, prompt_logprobs=-1)
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False)
        [result] = engine.generate([{"prompt_token_ids": ids}], sampling, use_tqdm=False)
        # Its row for a token is what the tokens before it give; the first has none before it.
        rows = result.prompt_logprobs[1:] + result.outputs[0].logprobs
        yield ids, np.stack([dense(row) for row in rows])


def dense(row) -> np.ndarray:
    result = np.full(len(row), np.nan, np.float32)
    for token, entry in row.items():
        result[token] = entry.logprob
    return result


def multiply(input, q_weight, scales, zeros, bias, pack_factor, isa_hint) -> torch.Tensor:
    """What vLLM's kernel for AWQ is to compute, from what vLLM's loader made for it."""
    inputs, outputs = input.shape[-1], scales.shape[1]
    words = q_weight.view(outputs // 16, inputs, 2).transpose(0, 1).reshape(inputs, -1)
    codes, zeros = (
        unpack_quantized_values_into_int32(packed, scalar_types.uint4, 1)
        for packed in (words, zeros))
    group = torch.arange(inputs) // (inputs // scales.shape[0])
    weight = (codes - zeros[group]) * scales.float()[group]
    result = input.float() @ weight
    return (result if bias is None else result + bias).to(input.dtype)
