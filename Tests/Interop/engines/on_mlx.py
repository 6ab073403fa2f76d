"""mlx-lm: a directory of 1-bit weights, on the CPU."""

from pathlib import Path

import mlx.core as mx
import mlx_lm
import numpy as np
from mlx_lm.utils import load


def version() -> str:
    return f"mlx-lm {mlx_lm.__version__}, mlx {mx.__version__}"


def logits(path: Path, setting: str, texts: list[str]):
    mx.set_default_device(mx.cpu)
    model, tokenizer = load(str(path))
    model.set_dtype(getattr(mx, setting))
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False)
        yield ids, np.array(model(mx.array([ids]))[0].astype(mx.float32))
