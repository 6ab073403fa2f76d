"""transformers: a directory of F16, computed in float32, the reference of all others."""

from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer


def version() -> str:
    return f"{transformers.__version__}, torch {torch.__version__}"


@torch.inference_mode()
def logits(path: Path, setting: str, texts: list[str]):
    tokenizer = AutoTokenizer.from_pretrained(path)
    model, info = AutoModelForCausalLM.from_pretrained(
        path, dtype=getattr(torch, setting), output_loading_info=True)
    unlike = {kind: names for kind, names in info.items() if names}
    assert not unlike, f"the directory has other tensors than the model: {unlike}"
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        yield ids, model(torch.tensor([ids])).logits[0].numpy()
