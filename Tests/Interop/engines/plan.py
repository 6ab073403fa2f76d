"""What is converted, what is run, and how far it may be off."""

from dataclasses import dataclass, field
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent.parent / "Fixtures"
MODELS = ("micro", "micro-tied-edge")
ARCHITECTURES = ("qwen2", "llama")

PROMPTS = [
    "The quick brown fox jumps over the lazy dog, and it's 12:34 now.",
    "<|im_start|>user\nWhat is 2 + 2?<|im_end|>\n<|im_start|>assistant\n",
    "def f(x):\n    return [x ** 2 for _ in range(3)]  # ÄÖÜ 你好 🎉",
]


@dataclass(frozen=True)
class Output:
    """A layout that bonsai-fmt makes, and what its file or directory is called."""

    to: str
    name: str
    options: tuple[str, ...] = ()


SPLIT = "gguf, split"
OUTPUTS = {
    "gguf": Output("gguf", "q1_0.gguf"),
    "gguf-f16": Output("gguf-f16", "f16.gguf"),
    SPLIT: Output("gguf", "q1_0.gguf", ("--split-max-tensors", "8")),
    "fp16": Output("fp16", "fp16"),
    "awq": Output("awq", "awq"),
    "mlx": Output("mlx", "mlx"),
}


USUAL_MAGNITUDE = 10


@dataclass(frozen=True)
class Run:
    """An engine that takes a layout, and its limits against transformers in float32.

    Weights are exact, so what is left is the engine's arithmetic: llama.cpp makes activations Q8_0
    where weights are Q1_0, mlx and vLLM multiply in float16 where that is the setting. The limits
    are from models whose logits stay below ten or so; where they are larger, so are the errors.
    """

    engine: str
    layout: str
    setting: str
    limit: float
    top1: float = 0

    def limit_for(self, magnitude: float) -> float:
        return self.limit * max(1, magnitude / USUAL_MAGNITUDE)


REFERENCE = Run("transformers", "fp16", "float32", 0, 1)
RUNS = [
    REFERENCE,
    Run("llama.cpp", "gguf", "KV in F32", 0.25, 0.93),
    Run("llama.cpp", SPLIT, "KV in F32", 0.25, 0.93),
    Run("llama.cpp", "gguf-f16", "KV in F32", 0.02, 0.98),
    Run("mlx", "mlx", "float16", 0.2, 0.95),
    Run("mlx", "mlx", "float32", 1e-4, 1),
    Run("vllm", "awq", "float16", 0.03, 0.98),
    # vLLM loads the model, and torch multiplies in the place of vLLM's kernel, which wants AVX-512.
    Run("vllm", "awq", "float16, stand-in", 0.03, 0.98),
    Run("vllm", "fp16", "float32", 1e-4, 1),
]


# MLX writes a group of one sign as bits 0 and a bias of that sign.
OTHER_FORMS = {
    "micro-tied-edge": {
        "mlx": (
            "model.embed_tokens", "model.layers.0.mlp.up_proj", "model.layers.0.self_attn.v_proj"),
    },
}


@dataclass
class Model:
    """A model by its directory of F16, with other people's files of its weights by layout."""

    name: str
    theirs: dict[str, Path]
    sources: dict[str, str | Path] = field(default_factory=dict)
    """What each layout is converted from: one of theirs, or ours of another layout by its name."""
    other_forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Modules that others store in other bytes with the same values, by layout."""


def fixture(name: str) -> Model:
    folder = FIXTURES / name
    theirs = {layout: folder / output.name for layout, output in OUTPUTS.items()}
    to_gguf = {layout: theirs["fp16"] for layout in ("gguf", "gguf-f16", SPLIT)}
    return Model(
        name, theirs, to_gguf | {layout: theirs["gguf"] for layout in ("fp16", "awq", "mlx")},
        OTHER_FORMS.get(name, {}))


def made(architecture: str, directory: Path) -> Model:
    """The way back to F16 goes through our own GGUF, so that rows are moved there and back."""
    layouts = ("gguf", "gguf-f16", SPLIT, "awq", "mlx")
    return Model(
        architecture, {"fp16": directory},
        {layout: directory for layout in layouts} | {"fp16": "gguf"})
