#!/usr/bin/env python3
"""Specs/fingerprint.md a second time: usage: fingerprint_reference.py FP16_DIRECTORY | Q1_0.gguf"""

import hashlib
import math
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from support import hugging_face_name, values_of_gguf


def sha(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def one_bit_rows(values: np.ndarray) -> np.ndarray | None:
    """18 bytes for each group of 128, or None where a group has two magnitudes."""
    if values.ndim < 2 or values.size == 0 or values.shape[-1] % 128:
        return None
    groups = values.reshape(-1, values.shape[-1] // 128, 128)
    d = np.abs(groups[:, :, :1])
    with np.errstate(over="ignore"):
        halves = d.astype("<f2")
    if not (np.abs(groups) == d).all() or not np.isfinite(d).all() or (halves != d).any():
        return None
    plus = ~np.signbit(groups) | (d == 0)
    bits = np.packbits(plus, axis=-1, bitorder="little")
    return np.concatenate([halves.view(np.uint8), bits], axis=-1)


def tensor_digest(values: np.ndarray) -> bytes:
    columns = values.shape[-1] if values.ndim else 1
    matrix = np.asarray(values, "<f4").reshape(math.prod(values.shape[:-1]), columns)
    blocks = one_bit_rows(values)
    kind = b"f32" if blocks is None else b"1-bit"
    leaves = []
    for row in range(0, len(matrix), 64):
        for column in range(0, matrix.shape[1], 128):
            leaf = (matrix[row : row + 64, column : column + 128] if blocks is None
                    else blocks[row : row + 64, column // 128])
            leaves.append(sha(leaf.tobytes()))
    sizes = [u64(values.ndim), *map(u64, values.shape)]
    return sha(b"bonsai-fmt tensor 1 ", kind, b"\n", *sizes, *leaves)


def fingerprint(path: Path) -> str:
    if path.is_dir():
        tensors = load_file(path / "model.safetensors")
    else:
        tensors = {f"{name}.weight": values for name, values in values_of_gguf(path).items()}
    digests = {name.encode(): tensor_digest(values) for name, values in tensors.items()}
    if digests.get(b"lm_head.weight") == digests[b"model.embed_tokens.weight"]:
        del digests[b"lm_head.weight"]
    entries = [u64(len(name)) + name + digests[name] for name in sorted(digests)]
    return "w1:" + sha(b"bonsai-fmt weights 1\n", u64(len(entries)), *entries).hex()


if __name__ == "__main__":
    print(fingerprint(Path(sys.argv[1])))
