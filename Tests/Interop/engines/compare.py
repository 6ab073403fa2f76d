"""How far two engines' logits are apart, and whether two files hold the same bytes of weights."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from safetensors.numpy import load_file


@dataclass
class Logits:
    """What worker.py wrote: for each prompt its ids and a row of logits for each of them."""

    version: str
    ids: list[np.ndarray]
    rows: list[np.ndarray]

    @classmethod
    def load(cls, path: Path) -> "Logits":
        with np.load(path) as stored:
            count = (len(stored.files) - 1) // 2
            return cls(
                str(stored["version"]), [stored[f"ids{index}"] for index in range(count)],
                [stored[f"logits{index}"] for index in range(count)])


@dataclass
class Difference:
    """Of all rows of all prompts."""

    positions: int
    magnitude: float
    """The largest logit of the other side, by its amount."""
    largest: float
    top1: float
    top5: float


def difference(ours: Logits, theirs: Logits) -> Difference | str:
    """A sentence where the two cannot be compared, or hold what is no number."""
    same_ids = len(ours.ids) == len(theirs.ids) and all(map(np.array_equal, ours.ids, theirs.ids))
    if not same_ids:
        return "the tokenizers give other ids"
    a, b = np.concatenate(ours.rows), np.concatenate(theirs.rows)
    if a.shape != b.shape:
        return f"logits of shape {a.shape} and {b.shape}"
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return "logits that are not finite"
    best = [np.argsort(-rows, axis=1, kind="stable")[:, :5] for rows in (a, b)]
    shared = [len(set(x) & set(y)) / 5 for x, y in zip(*best)]
    return Difference(
        len(a), float(np.abs(b).max()), float(np.abs(a.astype(np.float64) - b).max()),
        float((best[0][:, 0] == best[1][:, 0]).mean()), float(np.mean(shared)))


def unlike_tensors(ours: Path, theirs: Path) -> list[str]:
    """Names of the tensors that only one of two models has, or of other type, shape or bytes."""
    a, b = stored(ours), stored(theirs)
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def stored(model: Path) -> dict[str, tuple]:
    """Type, shape and bytes of each tensor, by its name in the file."""
    result = {}
    for path in files(model):
        if path.suffix == ".gguf":
            for tensor in GGUFReader(path).tensors:
                result[tensor.name] = (
                    tensor.tensor_type.name, tuple(map(int, tensor.shape)), tensor.data.tobytes())
        else:
            for name, array in load_file(path).items():
                result[name] = (array.dtype.str, array.shape, array.tobytes())
    return result


def files(model: Path) -> list[Path]:
    """The files with weights: of a directory, or the shards of a GGUF by its first one."""
    if model.is_dir():
        return sorted(model.glob("*.safetensors"))
    shard = re.fullmatch(r"(.*)-00001-of-(\d{5})\.gguf", model.name)
    return sorted(model.parent.glob(f"{shard[1]}-?????-of-{shard[2]}.gguf")) if shard else [model]
