"""vLLM on the CPU: a directory of AWQ or F16."""

import os
from pathlib import Path

os.environ |= {
    "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"}

import numpy as np
import vllm
from vllm import LLM, SamplingParams


def version() -> str:
    return vllm.__version__


def logits(path: Path, setting: str, texts: list[str]):
    engine = LLM(
        str(path), dtype=setting, enforce_eager=True, max_model_len=256, max_logprobs=-1,
        logprobs_mode="raw_logits", enable_prefix_caching=False)
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
