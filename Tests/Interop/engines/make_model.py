"""Makes a small model of random ±d weights in a directory of F16, as transformers writes it.

usage: make_model.py ARCHITECTURE TOKENIZER FOLDER

The tokenizer's files come from the directory TOKENIZER. Runs with the packages of transformers.
"""

import shutil
import sys
from pathlib import Path

import torch
from transformers import (
    AutoConfig, AutoModelForCausalLM, GenerationConfig, LlamaConfig, PreTrainedModel, Qwen2Config)

GROUP = 128
SHAPE = dict(
    vocab_size=512, hidden_size=256, intermediate_size=512, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256,
    rms_norm_eps=1e-6, tie_word_embeddings=False)
# Two heads for keys and four for queries, and bases that are nobody's default: rows in a wrong
# order or a base that was not understood change the logits.
CONFIGS = {
    "qwen2": lambda tokens: Qwen2Config(
        **SHAPE, **tokens, rope_parameters={"rope_type": "default", "rope_theta": 3e5}),
    "llama": lambda tokens: LlamaConfig(
        **SHAPE, **tokens, head_dim=64,
        rope_parameters={"rope_type": "default", "rope_theta": 2e5}),
}


def main() -> None:
    architecture, tokenizer, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    torch.manual_seed(len(architecture))
    original = AutoConfig.from_pretrained(tokenizer)
    tokens = {"bos_token_id": original.bos_token_id, "eos_token_id": original.eos_token_id}
    model = AutoModelForCausalLM.from_config(
        CONFIGS[architecture](tokens), dtype=torch.float32)
    fill(model)
    model.generation_config = GenerationConfig.from_pretrained(tokenizer)
    model.half().save_pretrained(folder)
    for file in tokenizer.iterdir():
        if file.name not in ("config.json", "generation_config.json", "model.safetensors"):
            shutil.copy(file, folder)


@torch.no_grad()
def fill(model: PreTrainedModel) -> None:
    for name, tensor in model.named_parameters():
        if tensor.dim() == 2:
            tensor.copy_(of_one_bit(*tensor.shape))
        elif name.endswith("norm.weight"):
            tensor.copy_(1 + torch.randn_like(tensor) / 10)
        else:
            tensor.copy_(torch.randn_like(tensor) / 2)


def of_one_bit(rows: int, columns: int) -> torch.Tensor:
    """±d with a d of its own for each group, near what keeps activations near one."""
    scales = (0.5 + torch.rand(rows, columns // GROUP, 1)) / columns**0.5
    signs = torch.randint(2, (rows, columns // GROUP, GROUP)) * 2 - 1
    return (scales.half().float() * signs).reshape(rows, columns)


if __name__ == "__main__":
    main()
