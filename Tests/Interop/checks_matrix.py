"""Every layout into every other: real readers open what we write, and the values are the same."""

import json

import mlx.core as mx
import numpy as np
from gguf import GGMLQuantizationType, GGUFReader
from safetensors import safe_open

from support import FIXTURES, MODELS, values_of_awq, values_of_dense, values_of_gguf

SOURCES = ["q1_0.gguf", "f16.gguf", "fp16", "awq", "mlx"]


def values_of_mlx(path):
    """What mlx itself makes of a directory, as mlx-lm would: a module with scales is quantized."""
    config = json.loads((path / "config.json").read_text(encoding="utf-8"))["quantization"]
    stored = mx.load(str(path / "model.safetensors"))
    result = {}
    for name, tensor in stored.items():
        if not name.endswith(".weight"):
            continue
        module = name.removesuffix(".weight")
        if f"{module}.scales" in stored:
            tensor = mx.dequantize(
                tensor, stored[f"{module}.scales"], stored[f"{module}.biases"],
                group_size=config["group_size"], bits=config["bits"], mode=config["mode"])
        result[module] = np.array(tensor.astype(mx.float32))
    return result


READERS = {
    "gguf": values_of_gguf, "gguf-f16": values_of_gguf, "fp16": values_of_dense,
    "awq": values_of_awq, "mlx": values_of_mlx,
}


def converted(tool, model, source, target):
    path = tool.folder / f"matrix-{model}-{source}-{target}"
    if not path.exists():
        tool.run("convert", FIXTURES / model / source, "--to", target, "-o", path)
    return path


def check_values_of_every_pair(tool):
    for model in MODELS:
        expected = values_of_dense(FIXTURES / model / "fp16")
        for source in SOURCES:
            for target, read in READERS.items():
                found = read(converted(tool, model, source, target))
                assert found.keys() == expected.keys(), (model, source, target)
                for name, values in expected.items():
                    assert np.array_equal(values, found[name]), (model, source, target, name)


def check_gguf_has_the_bytes_of_llama_cpp(tool):
    for model in MODELS:
        for target, reference in [("gguf", "q1_0.gguf"), ("gguf-f16", "f16.gguf")]:
            theirs = {t.name: t for t in GGUFReader(FIXTURES / model / reference).tensors}
            for source in SOURCES:
                reader = GGUFReader(converted(tool, model, source, target))
                assert len(reader.tensors) == len(theirs)
                assert len({tensor.name for tensor in reader.tensors}) == len(theirs)
                for tensor in reader.tensors:
                    other = theirs[tensor.name]
                    assert tensor.tensor_type == other.tensor_type, tensor.name
                    assert tensor.shape.tolist() == other.shape.tolist(), tensor.name
                    assert tensor.data.tobytes() == other.data.tobytes(), tensor.name
                kinds = {t.tensor_type for t in reader.tensors} - {GGMLQuantizationType.F32}
                assert len(kinds) == 1


def check_safetensors_opens_every_directory(tool):
    for model in MODELS:
        for source in SOURCES:
            for target, form in [("fp16", "pt"), ("awq", "pt"), ("mlx", "mlx")]:
                path = converted(tool, model, source, target) / "model.safetensors"
                with safe_open(path, framework="np") as file:
                    assert file.metadata() == {"format": form}
                    assert all(file.get_slice(name).get_shape() for name in file.keys())
