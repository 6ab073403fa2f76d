"""Our program, and numpy's own reading of the layouts that it writes."""

import subprocess
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter
from safetensors.numpy import load_file

FIXTURES = Path(__file__).resolve().parent.parent / "Fixtures"
MODELS = ["micro", "micro-tied-edge"]
SAMPLE = "sample"

# Written down a second time, from the names that transformers and llama.cpp print.
OUTSIDE = {
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
}
WITHIN = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


class Tool:
    """The program under test; each model is converted once."""

    def __init__(self, binary: Path, folder: Path):
        self.binary = binary
        self.folder = folder

    def run(self, *arguments, status: int = 0) -> subprocess.CompletedProcess:
        result = subprocess.run(
            [self.binary, *map(str, arguments)], capture_output=True, text=True, timeout=300)
        assert result.returncode == status, (arguments, result.returncode, result.stderr)
        return result

    def source(self, model: str) -> Path:
        if model != SAMPLE:
            return FIXTURES / model / "q1_0.gguf"
        path = self.folder / "sample.gguf"
        if not path.exists():
            self.run("sample", "--shape", "micro", "--seed", 7, "-o", path)
        return path

    def converted(self, model: str) -> Path:
        path = self.folder / f"{model}-awq"
        if not path.exists():
            self.run("convert", self.source(model), "--to", "awq", "-o", path)
        return path


def hugging_face_name(name: str) -> str:
    parts = name.removesuffix(".weight").split(".")
    if parts[0] == "blk":
        return f"model.layers.{parts[1]}.{WITHIN[parts[2]]}"
    return OUTSIDE[parts[0]]


def values_of_gguf(path: Path) -> dict[str, np.ndarray]:
    """Every tensor as F32 by its Hugging Face name, without `.weight`."""
    result = {}
    for tensor in GGUFReader(path).tensors:
        shape = [int(size) for size in reversed(tensor.shape)]
        if tensor.tensor_type == GGMLQuantizationType.Q1_0:
            blocks = np.frombuffer(tensor.data.tobytes(), np.uint8).reshape(-1, 18)
            scales = np.frombuffer(blocks[:, :2].tobytes(), "<f2").astype(np.float32)
            bits = np.unpackbits(blocks[:, 2:], axis=1, bitorder="little")
            values = np.where(bits == 1, scales[:, None], -scales[:, None])
        else:
            values = tensor.data.astype(np.float32)
        result[hugging_face_name(tensor.name)] = values.reshape(shape)
    return result


def values_of_awq(path: Path) -> dict[str, np.ndarray]:
    """Every weight as F32 by its name, without `.weight`: (code - zero) x scale, transposed."""
    result = {}
    stored = load_file(path / "model.safetensors")
    for name, tensor in stored.items():
        if name.endswith(".weight"):
            result[name.removesuffix(".weight")] = tensor.astype(np.float32)
        elif name.endswith(".qweight"):
            module = name.removesuffix(".qweight")
            codes = unpack(tensor)
            zeros = unpack(stored[f"{module}.qzeros"])
            scales = stored[f"{module}.scales"].astype(np.float32)
            group = np.arange(codes.shape[0]) // 128
            result[module] = ((codes - zeros[group]) * scales[group]).T
    return result


def values_of_dense(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of an F16 directory as F32 by its name, without `.weight`."""
    stored = load_file(path / "model.safetensors")
    return {
        name.removesuffix(".weight"): tensor.astype(np.float32) for name, tensor in stored.items()}


def unpack(words: np.ndarray) -> np.ndarray:
    """The eight codes of every word, in the order of the outputs."""
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    words = words.view(np.uint32)
    codes = np.empty((words.shape[0], words.shape[1], 8), np.float32)
    for nibble, output in enumerate(order):
        codes[:, :, output] = words >> np.uint32(4 * nibble) & np.uint32(15)
    return codes.reshape(words.shape[0], -1)


def rewrite(source: Path, target: Path, change=lambda name, data: None, alignment=None, **options):
    """Writes a GGUF anew with the package's own writer; `change(name, data)` edits tensors."""
    reader = GGUFReader(source)
    architecture = reader.fields["general.architecture"].contents()
    writer = GGUFWriter(target, arch=architecture, **options)
    if alignment:
        writer.add_custom_alignment(alignment)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        sub_type = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=sub_type)
    for tensor in reader.tensors:
        data = tensor.data.copy()
        change(tensor.name, data)
        writer.add_tensor(tensor.name, data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
